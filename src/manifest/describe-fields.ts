import type { GlobalSetting, InputField } from '@segment/actions-core'
import type { ChoiceManifest, FieldManifest, FieldsManifest } from './manifest'

type Definition = Omit<GlobalSetting | InputField, 'description' | 'dynamic'> & {
  readonly description?: string
  /** A setting has the function here that an action has under `dynamicFields`. */
  readonly dynamic?: unknown
  readonly additionalProperties?: boolean
}

/** The object without the members that are undefined. */
export const present = <Members extends object>(members: Members): Present<Members> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<Members>

type Present<Members> = { [Key in keyof Members]: Exclude<Members[Key], undefined> }

/** `true`, or nothing. */
export const flag = (value: unknown): true | undefined => (value ? true : undefined)

/** Choices as pairs: those that are given as mere values are their own labels. */
export const describeChoices = (
  choices: readonly unknown[] | undefined,
): readonly ChoiceManifest[] | undefined =>
  choices?.map((choice) =>
    typeof choice === 'object' && choice !== null
      ? { value: (choice as ChoiceManifest).value, label: (choice as ChoiceManifest).label }
      : { value: choice as string | number, label: String(choice) },
  )

function describeField(field: Definition): FieldManifest {
  return present({
    label: field.label,
    description: field.description ?? '',
    type: field.type,
    required: typeof field.required === 'object' ? { ...field.required } : flag(field.required),
    multiple: flag(field.multiple),
    allowNull: flag(field.allowNull),
    format: field.format,
    minimum: field.minimum,
    maximum: field.maximum,
    choices: describeChoices(field.choices),
    default: field.default,
    properties: field.properties && describeFields(field.properties),
    additionalProperties: flag(field.additionalProperties),
    dynamic: flag(field.dynamic),
    hidden: flag(field.unsafe_hidden),
  }) as FieldManifest
}

/** Settings or fields of a definition as data. */
export const describeFields = (fields: Readonly<Record<string, Definition>> = {}): FieldsManifest =>
  Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, describeField(field)]))
