const grouped = (value) => value.toLocaleString('en-US')

/** Three significant digits, without an exponent. */
const short = (value) => {
  const magnitude = Math.abs(value)
  if (magnitude >= 100) return grouped(Math.round(value))
  return magnitude >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/** Events per second, rounded to what means something. */
function rate(value) {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 2)
  return grouped(Math.round(value / unit) * unit)
}

module.exports = { rate, short }
