// Our side of P6: one event of a unit of work handed to its two local subscribers.
import { z } from 'zod'
import { systemClock } from '#domain/kernel/clock.ts'
import { event } from '#domain/kernel/event.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import { createLocalEvents, onLocal } from '../../cqrs/local-events.ts'
import { createMemoryBusStores } from '../../memory/stores.ts'
import { serveRounds } from '../harness/side.ts'

const ids: Ids = { next: (prefix) => `${prefix}_1` }
let sum = 0

/** As many as a large service has; the delivery should not find it easier here. */
const events = Array.from({ length: 40 }, (_, n) => {
  const Happened = event(`bench.happened_${n}`, { version: 1, data: z.object({ n: z.int() }) })
  const subscribers = Array.from({ length: 2 }, () =>
    onLocal(Happened, {}, ({ data }) => {
      sum += data.n
    }),
  )
  return { Happened, subscribers }
})
const subscribers = events.flatMap((entry) => entry.subscribers)
const local = createLocalEvents(subscribers, () => {
  throw new Error('The subscribers of this bench depend on nothing.')
})

const { store } = createMemoryBusStores({ service: 'bench', ids, clock: systemClock })
const unit = store.begin(systemClock.now(), { correlationId: 'cor_1' })
const [first] = events
if (first) unit.publish(first.Happened, { n: 1 }, 'key')

serveRounds({
  run: async (operations) => {
    const before = sum
    for (let n = 0; n < operations; n++) await local.publish(unit)
    if (sum - before !== 2 * operations) throw new Error('A subscriber was left out.')
  },
})
