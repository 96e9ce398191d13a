/** Whether a row reaches its target: true or false, or undefined for a row without one. */
function isReached({ ratio, target, value, limit }) {
  if (target !== undefined) return ratio.median >= target
  if (limit !== undefined) return value <= limit
  return undefined
}

module.exports = { isReached }
