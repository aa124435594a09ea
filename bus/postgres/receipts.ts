import { z } from 'zod'
import { Unavailable } from '../cqrs/errors.ts'
import { INBOX, missed } from '../unit-of-work/missed.ts'
import type { Database } from './database.ts'

/** The inbox row of a unit of work that writes nothing else. */
export interface Receipt {
  readonly consumer: string
  readonly id: string
  readonly receivedAt: string
}

/** Resolves when the row is committed, rejects with `DuplicateMessage` when it stood already. */
export type CommitReceipt = (receipt: Receipt) => Promise<void>

interface Waiting {
  readonly receipt: Receipt
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

const New = z.array(z.object({ n: z.int() }))

/** Rows are inserted in order of their keys, so that two batches with the same messages wait and do not lock each other. */
const insertSql = (schema: string): string => `
  with given as (
    select * from unnest($1::text[], $2::text[], $3::text[]) with ordinality as receipt(consumer, id, received_at, n)
  ), inserted as (
    insert into "${schema}".inbox (consumer, id, received_at)
    select distinct on (consumer, id) consumer, id, received_at::timestamptz from given order by consumer, id, n
    on conflict do nothing
    returning consumer, id
  )
  select min(n)::int as n from given join inserted using (consumer, id) group by consumer, id`

/**
 * Commits the receipts of one turn of the event loop in one statement: alone, each would cost a round trip and a commit,
 * which is most of what its message costs. Each is told its own outcome.
 */
export const createReceipts = (schema: string, database: Database): CommitReceipt => {
  const text = insertSql(schema)
  let waiting: Waiting[] = []

  const insert = async (batch: readonly Waiting[]): Promise<void> => {
    const receipts = batch.map(({ receipt }) => receipt)
    const rows = await database.run(text, [
      receipts.map(({ consumer }) => consumer),
      receipts.map(({ id }) => id),
      receipts.map(({ receivedAt }) => receivedAt),
    ])
    const inserted = new Set(New.parse(rows).map(({ n }) => n - 1))
    for (const [n, { resolve, reject }] of batch.entries()) {
      if (inserted.has(n)) resolve()
      else reject(missed(INBOX))
    }
  }

  const commit = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      await insert(batch)
    } catch (error) {
      // One row that the database refuses must not fail the others.
      if (batch.length > 1 && !Unavailable.is(error)) await Promise.all(batch.map((one) => commit([one])))
      else for (const { reject } of batch) reject(error)
    }
  }

  return (receipt) =>
    new Promise((resolve, reject) => {
      waiting.push({ receipt, resolve, reject })
      if (waiting.length > 1) return
      // After the promises of this turn, which may bring more.
      process.nextTick(() => {
        const batch = waiting
        waiting = []
        void commit(batch)
      })
    })
}
