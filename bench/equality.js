const { isDeepStrictEqual } = require('node:util')

/** The two sides do not do the same, so a ratio between them would mean nothing. */
class UnequalOutputs extends Error {
  name = 'UnequalOutputs'
}

const asJson = (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)))

const excerpt = (value) => {
  const text = JSON.stringify(value) ?? 'undefined'
  return text.length > 400 ? `${text.slice(0, 400)}…` : text
}

/**
 * Compares what two sides made of the same inputs, as JSON.
 * @throws UnequalOutputs at the first difference.
 */
function requireEqual(name, inputs, ours, theirs) {
  for (const [index, input] of inputs.entries()) {
    const [our, their] = [asJson(ours(input)), asJson(theirs(input))]
    if (!isDeepStrictEqual(our, their))
      throw new UnequalOutputs(
        `${name}: input ${index} gives\n  waybill   ${excerpt(our)}\n  reference ${excerpt(their)}`,
      )
  }
}

/** The same for two lists that were made before. */
function requireEqualLists(name, ours, theirs) {
  if (ours.length !== theirs.length)
    throw new UnequalOutputs(`${name}: waybill made ${ours.length} of them, the reference ${theirs.length}`)
  requireEqual(
    name,
    ours.map((_, index) => index),
    (index) => ours[index],
    (index) => theirs[index],
  )
}

module.exports = { requireEqual, requireEqualLists, UnequalOutputs }
