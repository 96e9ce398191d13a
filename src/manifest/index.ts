export { configurationSchema } from './configuration-schema'
export { createManifest, type Definition, describeDestination, manifestText, slugOf } from './create-manifest'
export type { Change, Grade } from './difference/change'
export { diffManifests, type ManifestDifference } from './difference/diff-manifests'
export type {
  ActionManifest,
  ChoiceManifest,
  DestinationManifest,
  FieldManifest,
  FieldsManifest,
  Manifest,
  PresetManifest,
} from './manifest'
export { destinationPage, fieldSection, type Samples } from './page/destination-page'
export { fillSection } from './page/fill-section'
export { readManifest } from './read-manifest'
