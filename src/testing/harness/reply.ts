/** How the vendor answers a request of a case. `time-out`: the request was sent, and no answer came. */
export type Reply =
  | {
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      /** A text as it is; anything else as JSON. Default `{}`. */
      readonly body?: unknown
    }
  | 'time-out'

/** The answer to requests of one address. */
export type ReplyRule = {
  /** Default: any. */
  readonly method?: string
  /** A part of the address, or a pattern for it. */
  readonly url: string | RegExp
  readonly reply: Reply
}

/** What a request is answered when no rule is for it. */
export const defaultReply: Reply = { status: 200 }

const fits = (rule: ReplyRule, method: string, url: string): boolean =>
  (rule.method === undefined || rule.method.toUpperCase() === method) &&
  (typeof rule.url === 'string' ? url.includes(rule.url) : rule.url.test(url))

/** The first rule that is for a request. */
export const ruleFor = (rules: readonly ReplyRule[], method: string, url: string): ReplyRule | undefined =>
  rules.find((rule) => fits(rule, method, url))

/** The answer of the first rule that is for a request. */
export const replyBy = (rules: readonly ReplyRule[], method: string, url: string): Reply =>
  ruleFor(rules, method, url)?.reply ?? defaultReply

/** The body as it goes over the wire. */
export const bodyText = ({ body = {} }: Exclude<Reply, string>): string =>
  typeof body === 'string' ? body : JSON.stringify(body)

/** A short name: `200`, `429 retry-after: 30`, `time-out`. */
export function replyText(reply: Reply): string {
  if (reply === 'time-out') return reply
  const headers = Object.entries(reply.headers ?? {}).map(([name, value]) => `${name}: ${value}`)
  return [String(reply.status), ...headers].join(' ')
}

/** What a request ends with that gets no answer. */
export const noAnswer = (): NodeJS.ErrnoException =>
  Object.assign(new Error('no answer came in time'), { code: 'ETIMEDOUT' })
