const { median, spread } = require('./statistics')

/**
 * Runs sides in turn, round by round, in reversed order every other round, so that a busy neighbor slows all alike.
 * A side is called with the time (as of `performance.now`) until which it is to work, and gives the number of events
 * it worked off. The first round of each is not counted.
 */
async function measure(sides, { rounds, roundMs }) {
  const names = Object.keys(sides)
  const samples = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = -1; round < rounds; round++)
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const sample = await sampleOf(sides[name], roundMs)
      if (round >= 0) samples[name].push(sample)
    }
  return samples
}

async function sampleOf(side, roundMs) {
  const before = process.cpuUsage()
  const startedAt = performance.now()
  const result = side(startedAt + roundMs)
  const events = typeof result === 'number' ? result : await result
  const ms = performance.now() - startedAt
  const { user, system } = process.cpuUsage(before)
  return { perSecond: (events / ms) * 1000, cpuMicros: (user + system) / events }
}

/** Events per second, and microseconds of CPU time of this process per event. */
const rateOf = (samples) => ({
  perSecond: median(samples.map(({ perSecond }) => perSecond)),
  cpuMicros: median(samples.map(({ cpuMicros }) => cpuMicros)),
})

/** How many times as fast `ours` is as `theirs`, round by round: by the clock, and by CPU time. */
const ratioOf = (ours, theirs) => ({
  ...spread(ours.map(({ perSecond }, round) => perSecond / theirs[round].perSecond)),
  cpu: median(ours.map(({ cpuMicros }, round) => theirs[round].cpuMicros / cpuMicros)),
})

/**
 * Measures `waybill` against other sides, and makes a row of each pair. `against` names the others: what they do, and
 * the least ratio to reach, if there is one.
 */
async function compare(name, sides, against, options) {
  const samples = await measure(sides, options)
  return Object.entries(against).map(([side, { label, target }]) => ({
    name,
    against: label,
    waybill: rateOf(samples.waybill),
    other: rateOf(samples[side]),
    ratio: ratioOf(samples.waybill, samples[side]),
    ...(target === undefined ? {} : { target }),
  }))
}

/** What the last call gave; kept, so that no compiler may leave the calls out. */
const kept = { result: undefined }

/** A side that calls a function for each input, over and over. */
const eachOf = (inputs, run) => (endsAt) => {
  let done = 0
  do {
    for (const input of inputs) kept.result = run(input)
    done += inputs.length
  } while (performance.now() < endsAt)
  return done
}

const turnOfTheLoop = () => new Promise((resolve) => setImmediate(resolve))

/**
 * A side that awaits a function for each input. The event loop gets a turn after each pass, since the reference holds
 * on to memory while it gets none.
 */
const eachInTurn = (inputs, run, eventsPerInput = 1) => {
  return async (endsAt) => {
    let done = 0
    do {
      for (const input of inputs) await run(input)
      done += inputs.length * eventsPerInput
      await turnOfTheLoop()
    } while (performance.now() < endsAt)
    return done
  }
}

/** A side that keeps so many calls under way. */
const sideBySide = (inputs, run, inFlight, eventsPerInput = 1) => {
  let next = 0
  return async (endsAt) => {
    let done = 0
    const worker = async () => {
      do {
        const input = inputs[next]
        next = (next + 1) % inputs.length
        await run(input)
        done += eventsPerInput
      } while (performance.now() < endsAt)
    }
    await Promise.all(Array.from({ length: inFlight }, worker))
    return done
  }
}

module.exports = { compare, eachInTurn, eachOf, measure, rateOf, ratioOf, sideBySide }
