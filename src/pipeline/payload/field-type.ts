import type { InputField } from '@segment/actions-core'

/** The members of a field that decide how its value is checked. */
export type PayloadField = {
  readonly label?: string
  readonly type: InputField['type']
  readonly format?: InputField['format']
  readonly choices?: readonly unknown[]
  readonly multiple?: boolean
  readonly allowNull?: boolean
  readonly additionalProperties?: boolean
  readonly properties?: Readonly<Record<string, unknown>>
  readonly required?: InputField['required']
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: unknown
}

export type PayloadFields = Readonly<Record<string, PayloadField>>

/** The values that `choices` allow; undefined when they do not limit. */
export const choiceValues = (field: PayloadField): unknown[] | undefined =>
  field.choices?.map((choice) =>
    typeof choice === 'object' && choice !== null ? (choice as { value?: unknown }).value : choice,
  )
