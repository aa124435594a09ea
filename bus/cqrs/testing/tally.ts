import { z } from 'zod'
import { domainError } from '#domain/kernel/errors.ts'
import { createMemoryBusStores } from '../../memory/stores.ts'
import { memoryOf } from '../../memory/store.ts'
import { createManualClock } from '../../testing/clock.ts'
import { Counted, ORIGIN, SERVICE } from '../../testing/fixture.ts'
import { createTestIds } from '../../testing/ids.ts'
import { resolveNothing } from '../../testing/service.ts'
import type { UnitOfWork } from '../../unit-of-work/unit-of-work.ts'
import type { Actor } from '../actor.ts'
import { createBuses } from '../buses.ts'
import { command, query } from '../definitions.ts'
import type { CommandContext } from '../context.ts'
import { handler, queryHandler } from '../handler.ts'
import { createLocalEvents, onLocal } from '../local-events.ts'
import { createPipeline, type Trace } from '../pipeline.ts'

export const TooMany = domainError('TOO_MANY', 'conflict', (n: number) => `${n} are too many.`)
const input = z.strictObject({ n: z.int().max(1_000), tags: z.array(z.string()).max(2).default([]) })
const output = z.object({ total: z.int() })
const scope = 'tally:write'

const Add = command('tally.add', { input, output, errors: [TooMany], scope })
const Pay = command('tally.pay', { input, output, errors: [TooMany], scope, idempotent: true })
export const Reset = command('tally.reset', { input, output, scope: 'public' })
export const Total = query('tally.total', { input: z.object({}), output, scope: 'tally:read' })

type Context = CommandContext<z.infer<typeof input>>

export const learner = (...scopes: string[]): Actor => ({
  kind: 'user',
  userId: 'usr_01890000-0000-7000-8000-000000000001',
  sessionId: 'ses_1',
  roles: ['learner'],
  scopes: new Set(scopes),
  emailVerified: true,
})
/** The span of every command and query. */
export const SPAN = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

const actor = learner(scope)

/** A service whose state is one number; `meanwhile` runs between a handler's decision and its flush. */
export const tally = (meanwhile: (context: Context) => void | Promise<void> = () => undefined) => {
  const clock = createManualClock()
  const [first, trail] = [createMemoryBusStores({ service: SERVICE, ids: createTestIds(), clock }), Array<string>()]
  let [total, version] = [0, 0]

  const add = async (context: Context): Promise<{ total: number }> => {
    trail.push('handler')
    const { tx } = context
    const { n } = context.input
    if (total + n > 100) throw TooMany(total + n)
    const [readVersion, next] = [version, total + n]
    await meanwhile(context)
    save(tx, readVersion, next)
    tx.publish(Counted, { n }, 'total')
    return { total: next }
  }
  const save = (tx: UnitOfWork, readVersion: number, next: number): void =>
    memoryOf(tx).write({
      name: 'total',
      check: () => version === readVersion,
      apply: () => {
        ;[total, version] = [next, version + 1]
      },
    })

  const noted: number[] = []
  const note = onLocal(Counted, {}, ({ data, tx }) => {
    trail.push('local event')
    if (data.n === 13) throw new Error('unlucky')
    memoryOf(tx).write({ name: 'note', check: () => true, apply: () => void noted.push(data.n) })
  })
  const trace: Trace = async (name, origin, work) => {
    trail.push(`trace ${name}`)
    return await work({ ...origin, traceparent: SPAN })
  }
  const commands = [handler(Add, {}, add), handler(Pay, {}, add)]
  const queries = [queryHandler(Total, {}, async () => ({ total }))]

  /** A process of the service: what is in flight is known within one only. */
  const process = (state = first.state) => {
    const stores = createMemoryBusStores({ service: SERVICE, ids: createTestIds(), clock, state })
    const local = createLocalEvents([note], resolveNothing)
    const parts = { ...stores, local, clock, ids: createTestIds(), trace }
    const pipeline = createPipeline(parts)
    return createBuses(pipeline, commands, queries, resolveNothing)
  }
  const buses = process()
  return {
    buses,
    trail,
    noted,
    process,
    add: (data: unknown, by: Actor = actor) => buses.execute(Add, data, { actor: by, origin: ORIGIN }),
    pay: (data: unknown, idempotencyKey?: string, on = buses) =>
      on.execute(Pay, data, { actor, origin: ORIGIN, idempotencyKey }),
    total: () => total,
    /** Somebody else changes the number. */
    change: (by: number) => {
      ;[total, version] = [total + by, version + 1]
    },
    outbox: first.state.outbox,
    state: first.state,
  }
}
