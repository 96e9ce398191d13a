import { createMemoryQueue } from 'waybill/queue'
import { testQueue } from 'waybill/testing'

testQueue({ name: 'memory', create: ({ now }) => createMemoryQueue({ now }), clock: 'given' })
testQueue({
  name: 'memory, with the clock of the system',
  create: () => createMemoryQueue(),
  differences: {
    'goes on when the clock is set back by an hour': 'the clock of the system cannot be set here',
    'finds everything due when the clock is set forward by an hour':
      'the clock of the system cannot be set here',
  },
})
