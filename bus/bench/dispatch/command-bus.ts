// Our side of P6: a command through the map look-up and the pipeline's trace, authorize and transaction. With the argument
// `bare` the store, the clock and the schema do nothing, so that the dispatch is all that is measured.
import { z } from 'zod'
import { systemClock } from '#domain/kernel/clock.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import type { Actor } from '../../cqrs/actor.ts'
import { createBuses } from '../../cqrs/buses.ts'
import { command } from '../../cqrs/definitions.ts'
import { handler } from '../../cqrs/handler.ts'
import { createLocalEvents } from '../../cqrs/local-events.ts'
import { createPipeline } from '../../cqrs/pipeline.ts'
import { createMemoryBusStores } from '../../memory/stores.ts'
import type { Store } from '../../unit-of-work/store.ts'
import { serveRounds } from '../harness/side.ts'

const bare = process.argv[2] === 'bare'
const ids: Ids = { next: (prefix) => `${prefix}_1` }
const unbound = () => {
  throw new Error('The commands of this bench depend on nothing.')
}

/** A service has some dozens of commands; the look-up should not find it easier here. */
const commands = Array.from({ length: 40 }, (_, n) => {
  const definition = command(`bench.command_${n}`, {
    input: bare ? z.unknown() : z.strictObject({ n: z.int() }),
    output: z.unknown(),
    scope: 'bench:write',
  })
  return handler(definition, {}, async ({ input }) => input)
})

const { store, idempotency } = createMemoryBusStores({ service: 'bench', ids, clock: systemClock })
const unit = store.begin(systemClock.now(), { correlationId: 'cor_1' })
const flushed = Promise.resolve()
const noStore: Store = { begin: () => unit, flush: () => flushed, onCommit: () => undefined }

let traced = 0
const pipeline = createPipeline({
  store: bare ? noStore : store,
  idempotency,
  local: createLocalEvents([], unbound),
  clock: bare ? { now: () => unit.now } : systemClock,
  ids,
  trace: async (_name, origin, work) => {
    try {
      return await work(origin)
    } finally {
      traced++
    }
  },
})
const buses = createBuses(pipeline, commands, [], unbound)
const [definition] = buses.definitions
if (definition?.kind !== 'command') throw new Error('There is no command.')

const actor: Actor = {
  kind: 'user',
  userId: 'usr_01890000-0000-7000-8000-000000000001',
  sessionId: 'ses_1',
  roles: ['learner'],
  scopes: new Set(['bench:write']),
  emailVerified: true,
}
const call = { actor, origin: { correlationId: 'cor_1' } }

serveRounds({
  run: async (operations) => {
    const before = traced
    for (let n = 0; n < operations; n++) await buses.execute(definition, { n }, call)
    if (traced - before !== operations) throw new Error('A command was not traced.')
  },
})
