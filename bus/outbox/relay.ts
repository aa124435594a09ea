import { addMs, type Clock, MINUTE } from '#domain/kernel/clock.ts'
import { failpoint } from '../failpoints.ts'
import type { Delivered, Transport } from '../transports/transport.ts'
import type { Outbox, OutboxRow } from './outbox.ts'

export interface RelayOptions {
  readonly service: string
  readonly outbox: Outbox
  readonly transport: Transport
  readonly clock: Clock
  /** Calls of the transport at the same time; 16 when not given. */
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

/** The rows of one key, delivered strictly one after another. */
interface Lane {
  readonly rows: readonly OutboxRow[]
  /** How many of them are accepted. */
  done: number
  /** True once a row failed: the key is held back, and nothing behind that row leaves. */
  failed: boolean
}

const hasNext = ({ rows, done, failed }: Lane): boolean => !failed && done < rows.length

/** The keys that are not held back any more. */
const releasedBy = (lanes: readonly Lane[]): string[] =>
  lanes.flatMap(({ rows: [first], done, failed }) =>
    first && first.attempts > 0 && done > 0 && !failed ? [first.key] : [],
  )

/** Lanes with the same route stand together, so that those delivered at once share few destinations. */
const lanesOf = (rows: readonly OutboxRow[]): Lane[] => {
  const byKey = [...Map.groupBy(rows, ({ key }) => key).values()]
  const byRoute = Map.groupBy(byKey, ([first]) => first?.route)
  return [...byRoute.values()].flat().map((laneRows) => ({ rows: laneRows, done: 0, failed: false }))
}

export const createRelay = (options: RelayOptions): Relay => {
  const { service, outbox, transport, clock, random, concurrency = 16, batch = 500, onFailure } = options
  const { maxAttempts, maxBatch } = transport.capabilities
  const beforeDeliver = failpoint(`${service}.relay.before_deliver`)
  const afterDeliver = failpoint(`${service}.relay.after_deliver`)
  const beforeAccept = failpoint(`${service}.relay.before_accept`)
  const afterAccept = failpoint(`${service}.relay.after_accept`)

  /** How often a row was tried before: what is behind the first of its key was not. */
  const attemptOf = ({ done }: Lane, row: OutboxRow): number => (done === 0 ? row.attempts + 1 : 1)

  const hold = async (row: OutboxRow, attempt: number, result: Delivered | undefined): Promise<void> => {
    const failure = result?.accepted ? undefined : result
    const reason = failure?.reason ?? 'The transport returned no result.'
    onFailure?.(row, reason)
    const isParked = failure?.refused === true && attempt >= maxAttempts
    const until = addMs(clock.now(), isParked ? PARKED_MS : backoffMs(attempt, random))
    await outbox.hold(row.key, attempt, until, reason.slice(0, 500))
  }

  /** Delivers the next row of each lane in one call. Returns why keys could not even be held back. */
  const deliverNext = async (lanes: readonly Lane[], accepted: OutboxRow[]): Promise<readonly unknown[]> => {
    const next = lanes.flatMap((lane) => {
      const row = lane.rows[lane.done]
      return row ? [{ lane, row, attempt: attemptOf(lane, row) }] : []
    })
    await beforeDeliver()
    const results = await transport.deliver(
      next.map(({ row, attempt }) => ({ key: row.key, route: row.route, type: row.type, body: row.envelope, attempt })),
    )
    await afterDeliver()
    const holds = next.map(async ({ lane, row, attempt }, at) => {
      const result = results[at]
      if (result?.accepted) {
        accepted.push(row)
        lane.done++
        return
      }
      lane.failed = true
      await hold(row, attempt, result)
    })
    const outcomes = await Promise.allSettled(holds)
    return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  }

  /**
   * Each call holds one row of as many keys as the transport takes; keys with more rows go first into the next one. A key
   * that cannot even be held back takes nothing from the others: their rows count as delivered.
   */
  const deliverAll = async (lanes: readonly Lane[]): Promise<{ accepted: OutboxRow[]; failures: unknown[] }> => {
    const accepted: OutboxRow[] = []
    const failures: unknown[] = []
    const waiting = [...lanes]
    const worker = async (): Promise<void> => {
      for (let taken = waiting.splice(0, maxBatch); taken.length > 0; taken = waiting.splice(0, maxBatch))
        try {
          failures.push(...(await deliverNext(taken, accepted)))
          waiting.unshift(...taken.filter(hasNext))
        } catch (error) {
          failures.push(error)
        }
    }
    await Promise.all(Array.from({ length: Math.min(concurrency, Math.ceil(lanes.length / maxBatch)) }, worker))
    return { accepted, failures }
  }

  const accept = async (accepted: readonly OutboxRow[], released: readonly string[]): Promise<void> => {
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
      const lanes = lanesOf(rows)
      const { accepted, failures } = await deliverAll(lanes)
      await accept(accepted, releasedBy(lanes))
      if (failures.length > 0) throw failures[0]
      return accepted.length
    },
  }
}
