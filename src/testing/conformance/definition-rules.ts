import { checkDefinition, createRuntime } from 'waybill'
import type { AnyDestination } from '../harness/harness-options'
import { anyEvent } from '../harness/probe'
import { defaultsOf } from '../harness/sample-mapping'
import type { SampleField } from '../harness/sample-value'
import type { ConformanceRule } from './conformance-rule'

type Fields = Readonly<Record<string, SampleField>>

/** What a definition promises by itself, before any event. */
export const definitionRules: readonly ConformanceRule[] = [
  {
    promise: 'is a definition that loads',
    check: ({ harness }) => messagesOf(() => checkDefinition(harness.stage.definition)),
  },
  {
    promise: 'has a slug in kebab-case',
    check: ({ harness: { stage } }) =>
      /^[a-z0-9]+(-[a-z0-9]+)*$/.test(stage.definition.slug ?? '')
        ? []
        : [`the slug is ${JSON.stringify(stage.definition.slug)}`],
  },
  {
    promise: 'tells its actions apart by their titles',
    check: ({ harness }) =>
      repeated(Object.values(harness.stage.definition.actions).map(({ title }) => title)).map(
        (title) => `several actions have the title ${JSON.stringify(title)}`,
      ),
  },
  {
    promise: 'describes every action, field and setting',
    check: ({ harness: { stage } }) => [
      ...Object.entries(stage.definition.actions).flatMap(([slug, action]) => [
        ...(action.title && action.description ? [] : [`${slug}: give it a title and a description`]),
        ...undescribed((action.fields ?? {}) as Fields, `${slug}.fields`),
      ]),
      ...undescribed((stage.definition.authentication?.fields ?? {}) as Fields, 'settings'),
    ],
  },
  {
    promise: 'opens with sample settings and all automatic presets',
    check: ({ harness: { stage } }) => open(stage.definition, stage.settings, 'presets'),
  },
  {
    promise: 'has default subscriptions and default mappings that can be read',
    check: ({ harness: { stage } }) =>
      open(
        stage.definition,
        stage.settings,
        Object.entries(stage.definition.actions).map(([action, { fields, defaultSubscription }]) => ({
          action,
          filter: defaultSubscription ?? anyEvent,
          mapping: defaultsOf((fields ?? {}) as unknown as Fields),
        })),
      ),
  },
  {
    promise: 'maps in its presets only fields that their actions have',
    check: ({ harness: { stage } }) =>
      (stage.definition.presets ?? []).flatMap(({ name, partnerAction, mapping }) => {
        const fields = stage.definition.actions[partnerAction]?.fields ?? {}
        return Object.keys(mapping ?? {})
          .filter((key) => !Object.hasOwn(fields, key) && !key.startsWith('__segment_internal_'))
          .map((key) => `preset "${name}": ${partnerAction} has no field ${key}`)
      }),
  },
]

/** Opens a connection and lists what is wrong with it. */
const open = (
  destination: AnyDestination,
  settings: Readonly<Record<string, unknown>>,
  subscriptions: Parameters<typeof createRuntime>[0]['connections'][number]['subscriptions'],
): string[] => messagesOf(() => createRuntime({ connections: [{ destination, settings, subscriptions }] }))

function messagesOf(run: () => unknown): string[] {
  try {
    run()
    return []
  } catch (error) {
    return [(error as Error).message]
  }
}

const repeated = (texts: readonly string[]): string[] => [
  ...new Set(texts.filter((text, index) => texts.indexOf(text) !== index)),
]

const undescribed = (fields: Fields, path: string): string[] =>
  Object.entries(fields as Readonly<Record<string, { label?: string; description?: string }>>)
    .filter(([, { label, description }]) => !label || !description)
    .map(([key]) => `${path}.${key}: give it a label and a description`)
