/** How many calls of a function its closure form serves before code is generated, unless something else is wished. */
const usualCalls = 50

/** When code is generated. Generated code and closures give the same results. */
export type CodeGeneration = {
  /** Calls that closures serve before code is generated. 0: it is made at once; Infinity: never. Default 50, for filters 0. */
  readonly generateAfter?: number
}

let isAllowed: boolean | undefined

/**
 * Whether functions may be made of source text here. Content security policies, some edge runtimes and Node's
 * `--disallow-code-generation-from-strings` forbid it.
 */
export function mayGenerateCode(): boolean {
  isAllowed ??= triesToGenerate()
  return isAllowed
}

function triesToGenerate(): boolean {
  try {
    return new Function('return true')() === true
  } catch {
    return false
  }
}

/**
 * A function of an event that begins as `closure` and becomes what `generate` gives once it has proved to be busy: a
 * subscription that sees few events costs no generated code. It stays a closure where code may not be generated.
 */
export function generatedWhenBusy<Result>(
  closure: (event: unknown) => Result,
  generate: () => (event: unknown) => Result,
  { generateAfter = usualCalls }: CodeGeneration,
): (event: unknown) => Result {
  const dependsOnCalls = generateAfter > 0 && generateAfter < Number.POSITIVE_INFINITY
  if (!dependsOnCalls || !mayGenerateCode()) return generatedAtOnce(closure, generate, { generateAfter })
  let calls = 0
  let run = (event: unknown): Result => {
    calls += 1
    if (calls <= generateAfter) return closure(event)
    run = generatedIfPossible(generate) ?? closure
    return run(event)
  }
  return (event) => run(event)
}

/** As `generatedWhenBusy`, but made at once: for what is small. */
export function generatedAtOnce<Form>(
  closure: Form,
  generate: () => Form,
  { generateAfter }: CodeGeneration,
): Form {
  if (generateAfter === Number.POSITIVE_INFINITY || !mayGenerateCode()) return closure
  // Who asks for generated code alone shall hear why there is none.
  return generateAfter === 0 ? generate() : (generatedIfPossible(generate) ?? closure)
}

/** An event does not fail because of code that the engine cannot read, since it nests too deep, say. */
function generatedIfPossible<Form>(generate: () => Form): Form | undefined {
  try {
    return generate()
  } catch {
    return undefined
  }
}
