import { addMs, type Clock, MINUTE } from '#domain/kernel/clock.ts'
import { failpoint } from '../failpoints.ts'
import type { Transport } from '../transports/transport.ts'
import type { Outbox, OutboxRow } from './outbox.ts'

export interface RelayOptions {
  readonly service: string
  readonly outbox: Outbox
  readonly transport: Transport
  readonly clock: Clock
  /** Keys delivered at the same time; 16 when not given. */
  readonly concurrency?: number
  /** Rows taken at once; 500 when not given. */
  readonly batch?: number
  /** A number in [0, 1) for the jitter of a held key's next attempt. */
  readonly random: () => number
  /** Told of every failed delivery. */
  readonly onFailure?: (row: OutboxRow, reason: string) => void
}

/** Moves what was committed from a service's outbox to the transport. */
export interface Relay {
  /** One pass: takes rows, delivers them in order per key, deletes what was accepted. Returns how many were accepted. */
  sweep(): Promise<number>
}

const BASE_DELAY_MS = 50
const MAX_DELAY_MS = 30_000

/**
 * How long a key is parked whose message the transport itself keeps refusing. It shows as a held key with its reason, and
 * is tried again this rarely, so that a release that can take it needs nobody to think of it.
 */
const PARKED_MS = 10 * MINUTE

/** Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"), never under half the base. */
const backoffMs = (attempts: number, random: () => number): number =>
  BASE_DELAY_MS / 2 + Math.floor(random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** attempts))

/** What became of some rows, and the keys that are not held back any more. */
interface Sent {
  readonly accepted: readonly OutboxRow[]
  readonly released: readonly string[]
}

const byKey = (rows: readonly OutboxRow[]): OutboxRow[][] => [...Map.groupBy(rows, ({ key }) => key).values()]

export const createRelay = (options: RelayOptions): Relay => {
  const { service, outbox, transport, clock, random, concurrency = 16, batch = 500, onFailure } = options
  const beforeDeliver = failpoint(`${service}.relay.before_deliver`)
  const afterDeliver = failpoint(`${service}.relay.after_deliver`)
  const beforeAccept = failpoint(`${service}.relay.before_accept`)
  const afterAccept = failpoint(`${service}.relay.after_accept`)

  /** Delivers the rows of one key in order; the first failure holds the key back, a lost shard leaves the rest to another. */
  const deliverKey = async (rows: readonly OutboxRow[]): Promise<Sent> => {
    const accepted: OutboxRow[] = []
    for (const row of rows) {
      if (!(await outbox.stillHolds())) break
      await beforeDeliver()
      const attempt = accepted.length === 0 ? row.attempts + 1 : 1
      const [result] = await transport.deliver([
        { key: row.key, route: row.route, type: row.type, body: row.envelope, attempt },
      ])
      await afterDeliver()
      if (!result?.accepted) {
        const reason = result?.reason ?? 'The transport returned no result.'
        onFailure?.(row, reason)
        const isParked = result?.refused === true && attempt >= transport.capabilities.maxAttempts
        const until = addMs(clock.now(), isParked ? PARKED_MS : backoffMs(attempt, random))
        await outbox.hold(row.key, attempt, until, reason.slice(0, 500))
        return { accepted, released: [] }
      }
      accepted.push(row)
    }
    return { accepted, released: accepted.filter(({ attempts }) => attempts > 0).map(({ key }) => key) }
  }

  /** A key that cannot even be held back takes nothing from the others: their rows count as delivered. */
  const deliverAll = async (groups: readonly OutboxRow[][]): Promise<Sent & { readonly failures: unknown[] }> => {
    const sent: Sent[] = []
    const failures: unknown[] = []
    const queue = [...groups]
    const worker = async (): Promise<void> => {
      for (let rows = queue.shift(); rows; rows = queue.shift())
        try {
          sent.push(await deliverKey(rows))
        } catch (error) {
          failures.push(error)
        }
    }
    await Promise.all(Array.from({ length: Math.min(concurrency, queue.length) }, worker))
    return {
      accepted: sent.flatMap(({ accepted }) => accepted),
      released: [...new Set(sent.flatMap(({ released }) => released))],
      failures,
    }
  }

  const accept = async ({ accepted, released }: Sent): Promise<void> => {
    if (accepted.length === 0) return
    await beforeAccept()
    await outbox.accept(
      accepted.map(({ seq }) => seq),
      released,
    )
    await afterAccept()
  }

  return {
    sweep: async () => {
      if ((await outbox.claim()) === 0) return 0
      const rows = await outbox.take(batch, clock.now())
      if (rows.length === 0) return 0
      const { failures, ...sent } = await deliverAll(byKey(rows))
      await accept(sent)
      if (failures.length > 0) throw failures[0]
      return sent.accepted.length
    },
  }
}
