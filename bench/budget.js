const everything = {
  sizes: ['small', 'medium', 'large'],
  kinds: ['identify', 'order', 'page'],
  batches: [100, 1000],
  inFlight: [1, 16, 64, 256],
}

/** How much work each measurement gets. `tiny` shows that everything runs, and measures nothing. */
const budgets = {
  full: {
    ...everything,
    rounds: 7,
    roundMs: 150,
    networkMs: 400,
    batchesInFlight: 16,
    fileEvents: 40_000,
    memoryEvents: 1_000_000,
    starts: 9,
    requests: 10_000,
    isolationEvents: 100_000,
    storeWaiting: 1_000_000,
  },
  short: {
    ...everything,
    rounds: 3,
    roundMs: 25,
    networkMs: 60,
    batchesInFlight: 4,
    fileEvents: 6_000,
    memoryEvents: 30_000,
    starts: 3,
    requests: 2_000,
    isolationEvents: 5_000,
    storeWaiting: 20_000,
  },
  tiny: {
    sizes: ['medium'],
    kinds: ['order'],
    batches: [100],
    inFlight: [1, 16],
    rounds: 1,
    roundMs: 1,
    networkMs: 1,
    batchesInFlight: 1,
    fileEvents: 200,
    memoryEvents: 200,
    starts: 1,
    requests: 64,
    isolationEvents: 200,
    storeWaiting: 1_000,
  },
}

module.exports = { budgets }
