import { memoryOf } from '#bus/memory/store.ts'
import { shardOf } from '#bus/outbox/shard.ts'
import { INBOX } from '#bus/unit-of-work/missed.ts'
import type { Mutation } from '../world/mutation.ts'
import { unchecked, withWrites } from './writes.ts'

/** The outbox row is written after the commit, by a second one. */
export const outboxOutsideTheCommit: Mutation = {
  stores: (stores, { state, pause }) => ({
    ...stores,
    store: {
      ...stores.store,
      flush: async (tx) => {
        const unit = memoryOf(tx)
        const entries = unit.entries()
        unit.entries = () => []
        await stores.store.flush(tx)
        await pause('between the commit and the outbox')
        for (const entry of entries) {
          state.lastSeq += 1
          const row = { ...entry, seq: state.lastSeq, shard: shardOf(entry.key), writtenAt: tx.now }
          state.outbox.push(row)
          state.written.push(row)
        }
      },
    },
  }),
}

export const noIdempotencyRecords: Mutation = {
  stores: (stores) => ({
    ...stores,
    idempotency: {
      open: async () => ({
        stored: undefined,
        record: () => undefined,
        recordRefusal: async () => undefined,
        close: () => undefined,
      }),
    },
  }),
}

/** A handler has its answer before its writes are safe. */
export const answeredBeforeTheCommit: Mutation = {
  stores: (stores, { pause }) => ({
    ...stores,
    store: {
      ...stores.store,
      flush: async (tx) => {
        const late = async (): Promise<void> => {
          await pause('between the answer and the commit')
          await stores.store.flush(tx)
        }
        void late().catch(() => undefined)
      },
    },
  }),
}

const lastWriterWins = (name: string): Mutation => ({
  stores: (stores) => withWrites(stores, name, unchecked),
})

/** What comes twice takes effect twice. */
export const inboxUnchecked = lastWriterWins(INBOX)
export const sagaVersionUnchecked = lastWriterWins('saga')
export const paymentVersionUnchecked = lastWriterWins('payment')
export const enrollmentVersionUnchecked = lastWriterWins('enrollment')

/** A request does not count the seat that it holds. */
export const noSeatHold: Mutation = {
  stores: (stores) => withWrites(stores, 'move seats', () => undefined),
}

/** Money moves, and the book does not say so. */
export const noLedger: Mutation = {
  stores: (stores) => withWrites(stores, 'ledger transaction', () => undefined),
}

/** The row is gone before anybody has the message. */
export const deletedBeforeDelivery: Mutation = {
  stores: (stores) => ({
    ...stores,
    outbox: {
      ...stores.outbox,
      take: async (limit, now) => {
        const rows = await stores.outbox.take(limit, now)
        const seqs = rows.map(({ seq }) => seq)
        await stores.outbox.accept(seqs, [])
        return rows
      },
    },
  }),
}

/** What could not be delivered at once is given up. */
export const noSecondDelivery: Mutation = {
  stores: (stores, { state }) => ({
    ...stores,
    outbox: {
      ...stores.outbox,
      hold: async (key) => {
        const failed = state.outbox.find((row) => row.key === key)
        if (failed) await stores.outbox.accept([failed.seq], [key])
      },
    },
  }),
}

/** What fails for good is nowhere to be seen. */
export const noDeadLetters: Mutation = {
  stores: (stores) => ({ ...stores, deadLetters: { ...stores.deadLetters, add: async () => undefined } }),
}

export const timersNeverFire: Mutation = {
  stores: ({ sagas, ...stores }) => ({ ...stores, sagas: sagas && { ...sagas, due: async () => [] } }),
}

/** A sweep fires timers that are not due, and those that were cancelled long ago. */
export const staleTimersFire: Mutation = {
  stores: ({ sagas, ...stores }, { state }) => ({
    ...stores,
    sagas: sagas && {
      ...sagas,
      due: async (now, limit) => {
        const due = await sagas.due(now, limit)
        const stale = [...state.sagas.values()].flatMap(({ instance: { type, key } }) =>
          ['payment', 'deadline', 'reply:charge', 'reply:activate'].map((name) => ({ type, key, name })),
        )
        return [...stale, ...due]
      },
    },
  }),
}
