import { ConfigurationError } from 'waybill'

/** An assertion as far as the kit needs it. */
export type Assertion = {
  toMatchSnapshot(): void
  toEqual(expected: unknown): void
}

/** A printer of values in snapshots; jest and vitest take the same. */
export type SnapshotSerializer = {
  test(value: unknown): boolean
  serialize(value: unknown): string
}

/** The functions of jest or vitest that a suite is written with. */
export type TestFramework = {
  readonly describe: (name: string, body: () => void) => unknown
  readonly test: (name: string, body: () => Promise<void>, timeoutMs: number) => unknown
  readonly expect: ((value: unknown) => Assertion) & {
    addSnapshotSerializer(serializer: SnapshotSerializer): void
  }
}

/**
 * The given functions, else the globals of jest (or of vitest with `globals: true`).
 * @throws ConfigurationError INVALID_CONFIGURATION outside of a test file.
 */
export function frameworkOf(given: TestFramework | undefined): TestFramework {
  if (given !== undefined) return given
  const { describe, test, expect } = globalThis as unknown as Partial<TestFramework>
  if (describe === undefined || test === undefined || expect === undefined)
    throw new ConfigurationError(
      'INVALID_CONFIGURATION',
      'there are no global describe, test and expect; call this in a test file, or pass them: { framework: { describe, test, expect } }',
    )
  return { describe, test, expect }
}

/** Milliseconds that a test of the kit may take: it is fast, but the machine may not be. */
export const testTimeoutMs = 60_000
