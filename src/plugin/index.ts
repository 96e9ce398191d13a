/** `waybill/plugin`: destinations as plugins of Segment's own SDKs, in Node and in browsers. */
export type { AnalyticsContext, AnalyticsPlugin } from './analytics-plugin'
export { type AnalyticsPluginOptions, createAnalyticsPlugins } from './create-analytics-plugins'
