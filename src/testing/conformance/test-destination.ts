import { createHarness } from '../harness/create-harness'
import type { AnyDestination, HarnessOptions } from '../harness/harness-options'
import { frameworkOf, type TestFramework, testTimeoutMs } from '../harness/test-framework'
import { credentialForms, credentialRules } from './credential-rules'
import { definitionRules } from './definition-rules'
import { deliveryRules } from './delivery-rules'
import { referenceRules } from './reference-rules'
import { secrecyRules } from './secrecy-rules'

/** What `testDestination` can be told. */
export type ConformanceOptions = HarnessOptions & {
  /** Promises to leave out, by their names: `puts no secret into the address of a request`. */
  readonly skip?: readonly string[]
  /**
   * Also runs the destination on the reference's `Destination` and demands equal requests. Needs the packages
   * `@segment/actions-core` and `nock`. Default false.
   */
  readonly reference?: boolean
  /** Default: the globals of jest or vitest. */
  readonly framework?: TestFramework
}

/**
 * Writes the test suite that every destination has to pass: one test for each promise. A broken one lists the places
 * in sentences. The forms in which requests carry credentials are held against a snapshot. Call it at the top of a
 * test file.
 */
export function testDestination(definition: AnyDestination, options: ConformanceOptions = {}): void {
  const { describe, test, expect } = frameworkOf(options.framework)
  const rules = [
    ...definitionRules,
    ...deliveryRules,
    ...secrecyRules,
    ...credentialRules,
    ...(options.reference ? referenceRules : []),
  ]
  describe(definition.name, () => {
    for (const { promise, check } of rules)
      if (!options.skip?.includes(promise))
        test(
          promise,
          async () => {
            expect(await check({ harness: createHarness(definition, options), options })).toEqual([])
          },
          testTimeoutMs,
        )
    if (!options.skip?.includes(formsPromise))
      test(
        formsPromise,
        async () => {
          expect(await credentialForms(createHarness(definition, options))).toMatchSnapshot()
        },
        testTimeoutMs,
      )
  })
}

const formsPromise = 'carries its credentials in the forms of the snapshot'
