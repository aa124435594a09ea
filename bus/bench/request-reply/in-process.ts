// P7: a typed request through requester, memory lane and dispatcher to its handler, and the parsed reply back.
import { systemIds as ids } from '#services/kit/ids.ts'
import { systemClock } from '#domain/kernel/clock.ts'
import { SessionId } from '#domain/kernel/ids.ts'
import { createLocalEvents } from '../../cqrs/local-events.ts'
import { createMemoryBusStores } from '../../memory/stores.ts'
import { createDispatcher } from '../../messaging/dispatcher.ts'
import { answer } from '../../messaging/handlers.ts'
import { Users } from '../../patterns/user.ts'
import { createMemoryLane, createRequester } from '../../request-reply/requester.ts'
import { serveRounds } from '../harness/side.ts'

const clock = systemClock
const unbound = () => {
  throw new Error('The handler of this bench depends on nothing.')
}
const stores = createMemoryBusStores({ service: 'user', ids, clock })
const dispatcher = createDispatcher({
  ...stores,
  service: 'user',
  subscribers: {},
  responders: [answer(Users.CheckSession, {}, async () => ({ active: true }))],
  sagas: [],
  local: createLocalEvents([], unbound),
  clock,
  ids,
  resolve: unbound,
  observe: { handled: () => undefined, duplicate: () => undefined, failed: () => undefined, expired: () => undefined },
})
const lane = createMemoryLane()
lane.register('user', dispatcher.respond)
const requester = createRequester({ service: 'learning', lane: lane.lane, clock, ids })
const sid = SessionId.parse(ids.next('ses'))
const options = { origin: { correlationId: 'cor_1' } }

serveRounds({
  run: async (operations) => {
    for (let n = 0; n < operations; n++) {
      const { active } = await requester.request(Users.CheckSession, { sid }, options)
      if (!active) throw new Error('The answer was lost.')
    }
  },
})
