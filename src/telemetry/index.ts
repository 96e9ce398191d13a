export type { Gauge, GaugeName, ReadGauges } from './gauges'
export { createJsonLogger, createLog, type Logger, type LogLevel, type LogLine } from './logger'
export {
  type OpenTelemetry,
  startOpenTelemetry,
  type TracedAttempt,
  type TracedIntake,
  type TracedRequest,
} from './open-telemetry'
export { prometheusContentType, prometheusText } from './prometheus'
export type { Series, SeriesRange } from './series'
export { createTally, type Tally } from './tally'
