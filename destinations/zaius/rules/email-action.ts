import type { ZaiusSettings } from '../settings'

export type EmailSettings = Pick<ZaiusSettings, 'spamReportAction' | 'hardBounceAction'>

/** The action of an email event in the spelling of the account. A bounce that is called soft is a soft one. */
export function emailAction(action: string, bounceType: string | undefined, settings: EmailSettings): string {
  if (action === 'spamreport' || action === 'spam_report') return settings.spamReportAction || 'spamreport'
  if (action !== 'hard_bounce') return action
  return /soft/i.test(bounceType ?? '') ? 'soft_bounce' : settings.hardBounceAction || 'hard_bounce'
}
