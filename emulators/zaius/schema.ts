export type FieldType = 'string' | 'number' | 'timestamp' | 'boolean'

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
  products: { string: 'product_id name brand sku image_url parent_product_id', number: 'price qty' },
  orders: {
    string: 'order_id status coupon_code bill_address ship_address phone email first_name last_name name',
    number: 'total subtotal tax shipping discount',
  },
}

/** The key that a record of an object cannot do without. */
export const primaryKeys: Partial<Record<string, string>> = { products: 'product_id', orders: 'order_id' }

/** What ODP brings along, and what Segment's own integration adds. */
const standardIdentifiers: Record<string, Confidence> = {
  email: 'high',
  phone: 'high',
  vuid: 'low',
  push_token: 'low',
  segment_user_id: 'high',
  segment_anonymous_id: 'low',
}

const field = (name: string, type: FieldType, created_by: Field['created_by']): Field => ({
  name,
  type,
  display_name: name,
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

  return {
    identifiers: identifiers as ReadonlyMap<string, Confidence>,
    /** The fields of an object by name, or undefined if there is no such object. */
    fields: (object: string): ReadonlyMap<string, Field> | undefined => objects.get(object),
    addField(object: SchemaObject, name: string, type: FieldType = 'string'): Field {
      const added = field(name, type, 'account')
      objects.get(object)?.set(name, added)
      return added
    },
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
