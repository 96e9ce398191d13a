export type FieldType = 'string' | 'number' | 'timestamp' | 'boolean' | 'vector'

/** A field as `GET /v3/schema/objects/{object}/fields` shows it. */
export type Field = {
  readonly name: string
  readonly type: FieldType
  readonly display_name: string
  readonly description?: string
  readonly auto?: boolean
  readonly primary?: boolean
  readonly created_by: 'zaius' | 'account'
}

/** How far an identifier is trusted when two customers meet through it. */
export type Confidence = 'high' | 'low'

export type SchemaObject = 'customers' | 'events' | 'products' | 'orders'

/** How records of one object point to records of another. */
export type Relation = {
  readonly name: string
  readonly display_name: string
  readonly child_object: string
  readonly join_fields: readonly { readonly parent: string; readonly child: string }[]
}

/** An object as `GET /v3/schema/objects/{object}` shows it. */
export type ObjectSchema = {
  readonly name: string
  readonly display_name: string
  readonly alias?: string
  readonly fields: readonly Field[]
  readonly relations: readonly Relation[]
}

const standardFields: Record<SchemaObject, Partial<Record<FieldType, string>>> = {
  customers: {
    string:
      'first_name last_name name gender timezone image_url street1 street2 city state zip country data_source data_source_type data_source_details data_source_version data_source_instance',
    number: 'dob_day dob_month dob_year',
    boolean: 'ccpa_opted_out',
  },
  events: {
    string:
      'product_id category channel ua ip title hostname page source medium campaign content keywords language character_set landing referrer search_term filter_field filter_value sort_direction sort_field order_id list_id timezone campaign_id target_address idempotence_id data_source data_source_type data_source_details data_source_version data_source_instance',
    number: 'days_since_last_visit value',
    timestamp: 'ts',
    boolean: 'active_event',
  },
  products: { string: 'product_id name brand category sku image_url parent_product_id', number: 'price qty' },
  orders: {
    string: 'order_id status coupon_code bill_address ship_address phone email first_name last_name name',
    number: 'total subtotal tax shipping discount',
  },
}

/** The key that a record of an object cannot do without. */
const primaryKeys: Partial<Record<string, string>> = { products: 'product_id', orders: 'order_id' }

/** What ODP brings along, and what Segment's own integration adds. */
const standardIdentifiers: Record<string, Confidence> = {
  email: 'high',
  phone: 'high',
  vuid: 'low',
  push_token: 'low',
  segment_user_id: 'high',
  segment_anonymous_id: 'low',
}

type Words = { readonly display_name?: string; readonly description?: string }

/** `order_id` is shown as Order ID. */
const titled = (name: string): string =>
  name
    .split('_')
    .map((word) => (word === 'id' ? 'ID' : word.charAt(0).toUpperCase() + word.slice(1)))
    .join(' ')

const field = (
  name: string,
  type: FieldType,
  created_by: Field['created_by'],
  { display_name = titled(name), description }: Words = {},
): Field => ({
  name,
  type,
  display_name,
  ...(description === undefined ? {} : { description }),
  created_by,
  ...(name === 'zaius_id' ? { auto: true } : {}),
  ...(Object.values(primaryKeys).includes(name) ? { primary: true } : {}),
})

/** The fields and identifiers that an account knows. Values under any other name are dropped when they are stored. */
export function createSchema() {
  const objects = new Map<string, Map<string, Field>>()
  for (const [object, byType] of Object.entries(standardFields))
    objects.set(
      object,
      new Map(
        Object.entries(byType).flatMap(([type, names]) =>
          names.split(' ').map((name) => [name, field(name, type as FieldType, 'zaius')] as const),
        ),
      ),
    )
  const identifiers = new Map<string, Confidence>(Object.entries(standardIdentifiers))
  const details = new Map<string, { display_name: string; alias: string; relations: Relation[] }>(
    [...objects.keys()].map((name) => [
      name,
      { display_name: titled(name), alias: name.replace(/s$/, ''), relations: [] },
    ]),
  )

  return {
    identifiers: identifiers as ReadonlyMap<string, Confidence>,
    /** The fields of an object by name, or undefined if there is no such object. */
    fields: (object: string): ReadonlyMap<string, Field> | undefined => objects.get(object),
    addField(object: string, name: string, type: FieldType = 'string', words: Words = {}): Field {
      const added = field(name, type, 'account', words)
      objects.get(object)?.set(name, added)
      return added
    },
    objects: (): ObjectSchema[] =>
      [...objects].map(([name, fields]) => ({
        name,
        ...(details.get(name) as { display_name: string; alias: string; relations: Relation[] }),
        fields: [...fields.values()],
      })),
    addObject(given: ObjectSchema): ObjectSchema {
      const { name, display_name, alias = name.replace(/s$/, ''), relations = [] } = given
      const fields = given.fields.map((own) => ({ ...own, created_by: 'account' as const }))
      objects.set(name, new Map(fields.map((own) => [own.name, own])))
      details.set(name, { display_name, alias, relations: [...relations] })
      return { name, display_name, alias, fields, relations }
    },
    relations: (object: string): readonly Relation[] | undefined => details.get(object)?.relations,
    addRelation: (object: string, relation: Relation): void =>
      void details.get(object)?.relations.push(relation),
    /** The key that a record of an object cannot do without; undefined for an object that is not there. */
    primaryKey: (object: string): string | undefined =>
      primaryKeys[object] ?? [...(objects.get(object)?.values() ?? [])].find(({ primary }) => primary)?.name,
    /** Takes a field away, as an account that never made it. */
    removeField: (object: SchemaObject, name: string): boolean => objects.get(object)?.delete(name) ?? false,
    addIdentifier: (name: string, confidence: Confidence): void => void identifiers.set(name, confidence),
    removeIdentifier: (name: string): boolean => identifiers.delete(name),
    /** Separates what an object has a field for from what it has not. */
    sort(object: SchemaObject, values: Readonly<Record<string, unknown>>) {
      const known: Record<string, unknown> = {}
      const unknown: string[] = []
      for (const [name, value] of Object.entries(values))
        if (objects.get(object)?.has(name)) known[name] = value
        else unknown.push(name)
      return { known, unknown }
    },
  }
}

export type Schema = ReturnType<typeof createSchema>
