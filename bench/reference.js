const { dirname, join } = require('node:path')
const core = require('@segment/actions-core')
const { parseFql, validate } = require('@segment/destination-subscriptions')

const { removeEmptyValues } = require(
  join(dirname(require.resolve('@segment/actions-core')), 'remove-empty-values.js'),
)

/** What the reference does with an event, step by step, as its `Action.execute` does it. */
function referencePayload({ fields, mapping }, schemaKey) {
  const schema = core.fieldsToJsonSchema(fields)
  return {
    map: (event) => core.transform(mapping, event),
    prepare(event) {
      const payload = removeEmptyValues(core.transform(mapping, event), schema, true)
      core.validateSchema(payload, schema, { schemaKey })
      return payload
    },
  }
}

/** The reference reads a filter again for every event. */
const referenceFilter = (filter) => (event) => validate(parseFql(filter), event)

/**
 * The reference's runtime for one subscription. It keeps every response it ever got; that list is emptied here
 * after each call, since it would run out of memory otherwise.
 */
function openReference(definition, { settings = {}, filter, mapping }) {
  const destination = new core.Destination(definition)
  const configuration = {
    ...settings,
    subscription: { partnerAction: 'send', subscribe: filter, mapping },
  }
  const emptied = async (result) => {
    const outcomes = await result
    destination.responses.length = 0
    return outcomes
  }
  return {
    onEvent: (event) => emptied(destination.onEvent(event, configuration)),
    onBatch: (events) => emptied(destination.onBatch(events, configuration)),
    destination,
    configuration,
  }
}

const { version } = require(join(dirname(require.resolve('@segment/actions-core')), '../../package.json'))

module.exports = {
  MultiStatusResponse: core.MultiStatusResponse,
  openReference,
  referenceFilter,
  referencePayload,
  version,
}
