import type { TestFramework } from 'waybill/testing'

type RegisteredTest = { readonly name: string; readonly body: () => Promise<void> }

/**
 * Stands in for jest: keeps the tests that a suite of the kit registers, runs them on demand, and keeps the snapshots
 * as they would be written. `failures` holds the names of the tests that failed, with what they said.
 */
export function recordingFramework() {
  const path: string[] = []
  const tests: RegisteredTest[] = []
  const snapshots: string[] = []
  const failures: Record<string, string> = {}
  const serializers: Parameters<TestFramework['expect']['addSnapshotSerializer']>[0][] = []
  const framework: TestFramework = {
    describe(name, body) {
      path.push(name)
      body()
      path.pop()
    },
    test: (name, body) => tests.push({ name: [...path, name].join(' › '), body }),
    expect: Object.assign(
      (value: unknown) => ({
        toEqual: (expected: unknown) => expect(value).toEqual(expected),
        toMatchSnapshot() {
          const serializer = serializers.find((each) => each.test(value))
          snapshots.push(serializer === undefined ? JSON.stringify(value) : serializer.serialize(value))
        },
      }),
      {
        addSnapshotSerializer: (serializer: (typeof serializers)[number]) =>
          void serializers.push(serializer),
      },
    ),
  }
  const run = async (isWanted: (name: string) => boolean = () => true): Promise<void> => {
    for (const { name, body } of tests.filter((each) => isWanted(each.name)))
      await body().catch((error: Error) => {
        failures[name] = error.message
      })
  }
  return { ...framework, run, snapshots, failures, tests }
}
