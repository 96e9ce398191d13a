import { descriptions } from './descriptions'
import { type Gauge, gaugeNames } from './gauges'
import { type Attributes, counterNames, histogramNames, type Tally } from './tally'

/** The content type of the text. */
export const prometheusContentType = 'text/plain; version=0.0.4; charset=utf-8'

const suffixes: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes' }

/** Names as OpenTelemetry translates them, so that a dashboard survives a change of route. */
const nameOf = (name: string, ending = ''): string => {
  const { unit } = descriptions[name as keyof typeof descriptions]
  return `${name.replaceAll('.', '_')}${suffixes[unit] ?? ''}${ending}`
}

const escapeValue = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

const labels = (attributes: Attributes, more = ''): string => {
  const parts = Object.entries(attributes).map(
    ([name, value]) => `${name.replaceAll('.', '_')}="${escapeValue(value)}"`,
  )
  if (more !== '') parts.push(more)
  return parts.length === 0 ? '' : `{${parts.join(',')}}`
}

function* header(name: string, type: string, ending = ''): Generator<string> {
  yield `# HELP ${nameOf(name, ending)} ${descriptions[name as keyof typeof descriptions].description}`
  yield `# TYPE ${nameOf(name, ending)} ${type}`
}

function* lines(tally: Tally, gauges: readonly Gauge[]): Generator<string> {
  for (const name of counterNames) {
    yield* header(name, 'counter', '_total')
    for (const { attributes, value } of tally.counters.get(name) ?? [])
      yield `${nameOf(name, '_total')}${labels(attributes)} ${value}`
  }
  for (const name of gaugeNames) {
    const ofName = gauges.filter((gauge) => gauge.name === name)
    if (ofName.length === 0) continue
    yield* header(name, 'gauge')
    for (const { attributes, value } of ofName) yield `${nameOf(name)}${labels(attributes)} ${value}`
  }
  for (const name of histogramNames) {
    const measured = tally.histograms.get(name) ?? []
    if (measured.length === 0) continue
    yield* header(name, 'histogram')
    for (const { attributes, histogram } of measured) {
      let below = 0
      for (const [place, bound] of histogram.bounds.entries()) {
        below += histogram.counts[place] as number
        yield `${nameOf(name, '_bucket')}${labels(attributes, `le="${bound}"`)} ${below}`
      }
      yield `${nameOf(name, '_bucket')}${labels(attributes, 'le="+Inf"')} ${histogram.count}`
      yield `${nameOf(name, '_sum')}${labels(attributes)} ${histogram.sum}`
      yield `${nameOf(name, '_count')}${labels(attributes)} ${histogram.count}`
    }
  }
}

/** The tally and the gauges in the text format of Prometheus. */
export const prometheusText = (tally: Tally, gauges: readonly Gauge[]): string =>
  `${[...lines(tally, gauges)].join('\n')}\n`
