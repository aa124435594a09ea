import type { Instant } from '#domain/kernel/clock.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import { failpoint } from '../failpoints.ts'
import { shardOf } from '../outbox/shard.ts'
import { INBOX, missed } from '../unit-of-work/missed.ts'
import { Outgoing, type OutboxEntry } from '../unit-of-work/outgoing.ts'
import type { Store } from '../unit-of-work/store.ts'
import type { Origin, UnitOfWork } from '../unit-of-work/unit-of-work.ts'
import type { Session } from './session.ts'
import { type MemoryState, pairOf } from './state.ts'

/** One registered write: `apply` runs only when the `check` of every write of its unit is true. */
export interface MemoryWrite {
  readonly name: string
  check(): boolean
  apply(): void
}

/** A unit of work whose writes are functions. */
export class MemoryUnitOfWork extends Outgoing {
  readonly #own: MemoryWrite[] = []
  readonly #writes: MemoryWrite[] = []
  readonly #inbox: MemoryState['inbox']

  constructor(service: string, ids: Ids, now: Instant, origin: Origin, inbox: MemoryState['inbox']) {
    super(service, ids, now, origin)
    this.#inbox = inbox
  }

  write(write: MemoryWrite): void {
    this.#writes.push(write)
  }

  /** Registers a write of the bus itself; a repeat is told as one, whatever else has missed. */
  writeFirst(write: MemoryWrite): void {
    this.#own.push(write)
  }

  receive(consumer: string, messageId: string, reply?: string): void {
    const key = pairOf(consumer, messageId)
    this.writeFirst({
      name: INBOX,
      check: () => !this.#inbox.has(key),
      apply: () => this.#inbox.set(key, { reply: reply ?? null, receivedAt: this.now }),
    })
  }

  get writes(): readonly MemoryWrite[] {
    return [...this.#own, ...this.#writes]
  }

  entries(): readonly OutboxEntry[] {
    return this.outboxEntries()
  }
}

/** The memory face of a unit of work, for adapters. Throws when another store made it. */
export const memoryOf = (tx: UnitOfWork): MemoryUnitOfWork => {
  if (!(tx instanceof MemoryUnitOfWork)) throw new TypeError('This unit of work belongs to another store.')
  return tx
}

export interface MemoryStoreOptions {
  readonly service: string
  readonly ids: Ids
  readonly state: MemoryState
  readonly session: Session
}

/** Flushes a unit of work in one step that nothing can come between. */
export const createMemoryStore = ({ service, ids, state, session }: MemoryStoreOptions): Store => {
  const beforeCommit = failpoint(`${service}.flush.before_commit`)
  const afterCommit = failpoint(`${service}.flush.after_commit`)
  let committed: () => void = () => undefined

  const append = ({ key, route, type, envelope }: OutboxEntry, writtenAt: Instant): void => {
    state.lastSeq += 1
    const row = { seq: state.lastSeq, shard: shardOf(key), key, route, type, envelope, writtenAt }
    state.outbox.push(row)
    state.written.push(row)
  }

  const commit = ({ writes, now }: MemoryUnitOfWork, entries: readonly OutboxEntry[]): void => {
    const miss = writes.find((write) => !write.check())
    if (miss) throw missed(miss.name)
    for (const write of writes) write.apply()
    for (const entry of entries) append(entry, now)
  }

  return {
    begin: (now, origin) => new MemoryUnitOfWork(service, ids, now, origin, state.inbox),
    onCommit: (listener) => {
      committed = listener
    },
    flush: async (tx) => {
      const unit = memoryOf(tx)
      const entries = unit.entries()
      if (unit.writes.length === 0 && entries.length === 0) return
      await beforeCommit()
      await session.access(() => commit(unit, entries))
      await afterCommit()
      if (entries.length > 0) committed()
    },
  }
}
