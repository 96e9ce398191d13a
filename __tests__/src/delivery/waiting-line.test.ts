import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { createWaitingLine } from '../../../src/delivery/waiting-line'

type Step = { kind: 'enter' } | { kind: 'shift' } | { kind: 'leave'; which: number }

const steps = fc.array(
  fc.oneof(
    fc.constant<Step>({ kind: 'enter' }),
    fc.constant<Step>({ kind: 'shift' }),
    fc.record({ kind: fc.constant('leave' as const), which: fc.nat(30) }),
  ),
  { maxLength: 60 },
)

test('a line serves in order, whoever leaves it in between', () => {
  fc.assert(
    fc.property(steps, (given) => {
      const line = createWaitingLine<number>()
      const expected: number[] = []
      const leave: (() => boolean)[] = []
      for (const step of given) {
        if (step.kind === 'enter') {
          expected.push(leave.length)
          leave.push(line.enter(leave.length))
        } else if (step.kind === 'shift') expect(line.shift()).toBe(expected.shift())
        else if (step.which < leave.length) {
          const at = expected.indexOf(step.which)
          expect(leave[step.which]?.()).toBe(at >= 0)
          if (at >= 0) expected.splice(at, 1)
        }
        expect(line.length).toBe(expected.length)
      }
    }),
  )
})

test('who has left keeps nobody in memory that came later', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const line = createWaitingLine<object>()
  const leaveFirst = line.enter({})
  const later = (() => {
    const value = {}
    line.enter(value)
    return new WeakRef(value)
  })()
  leaveFirst()
  line.shift()
  await new Promise(setImmediate)
  collectGarbage()
  expect(later.deref()).toBeUndefined()
  expect(leaveFirst()).toBe(false)
})
