// The other end of the lanes between processes: a user service that answers at once, on the lane that it is told.
import { systemClock as clock } from '#domain/kernel/clock.ts'
import { internalMessages } from '#services/kit/hosts/internal-messages.ts'
import { listen } from '#services/kit/hosts/listener.ts'
import { systemIds as ids } from '#services/kit/ids.ts'
import { createLocalEvents } from '../../cqrs/local-events.ts'
import { createMemoryBusStores } from '../../memory/stores.ts'
import { createDispatcher } from '../../messaging/dispatcher.ts'
import { answer } from '../../messaging/handlers.ts'
import { Users } from '../../patterns/user.ts'
import { createAnswering } from '../../request-reply/answering.ts'
import { createTokenCheck } from '../../request-reply/service-token.ts'
import { createSqsResponder } from '../../request-reply/sqs-lane/responder.ts'
import { createAwsLaneQueues } from '../../transports/aws/lane-queues.ts'
import { createTestClients } from '../../transports/aws/testing/emulator.ts'
import { queueNames } from '../../transports/aws/topology.ts'
import { NAMES_PREFIX, SLOTS } from './queues.ts'

const nothing = () => undefined
const unbound = () => {
  throw new Error('The handler of this bench depends on nothing.')
}
const { respond } = createDispatcher({
  ...createMemoryBusStores({ service: 'user', ids, clock }),
  service: 'user',
  subscribers: {},
  responders: [answer(Users.CheckSession, {}, async () => ({ active: true }))],
  sagas: [],
  local: createLocalEvents([], unbound),
  clock,
  ids,
  resolve: unbound,
  observe: { handled: nothing, duplicate: nothing, failed: nothing, expired: nothing },
})

const [lane, publicKey = ''] = process.argv.slice(2)
const answering = createAnswering({
  respond,
  clock,
  capacity: 1_000,
  retryAfterMs: 100,
  observe: { overloaded: nothing, failed: (_, error) => console.error(error) },
})
const check = createTokenCheck({ service: 'user', publicKeys: { learning: publicKey }, clock })

if (lane === 'http') {
  const { port } = await listen(internalMessages({ answer: answering, check }).fetch, 0, '127.0.0.1')
  process.send?.(port)
} else {
  const queues = createAwsLaneQueues({ service: 'user', clients: createTestClients(), random: () => 0.5 })
  const names = queueNames(NAMES_PREFIX)
  const responder = createSqsResponder({
    service: 'user',
    queues,
    names,
    slotCount: SLOTS,
    answer: answering,
    check,
    clock,
    ids,
    dropped: (why) => console.error(why),
  })
  queues.consume(names.requests('user'), responder)
  process.send?.(0)
}
process.on('disconnect', () => process.exit())
