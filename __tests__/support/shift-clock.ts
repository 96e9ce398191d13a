/** Moves the clock of the tests by as many milliseconds as WAYBILL_CLOCK_SHIFT says, to show that none depends on it. */
const shift = Number(process.env.WAYBILL_CLOCK_SHIFT ?? 0)

if (shift !== 0) {
  const RealDate = Date
  globalThis.Date = class extends RealDate {
    constructor(...parts: unknown[]) {
      super(...((parts.length === 0 ? [RealDate.now() + shift] : parts) as [number]))
    }
    static override now = (): number => RealDate.now() + shift
    static override [Symbol.hasInstance] = (value: unknown): boolean =>
      Function.prototype[Symbol.hasInstance].call(RealDate, value)
  } as DateConstructor
}

export {}
