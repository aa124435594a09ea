import { sql } from 'drizzle-orm'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { Ledger } from '../../ports.ts'
import { ledgerEntries, ledgerTransactions } from './schema.ts'

const insertTransaction = prepareWrite(
  'ledger transaction',
  sql`
  insert into ${ledgerTransactions} (reference, at)
  values (${sql.placeholder('reference')}, ${sql.placeholder('at')})
  on conflict do nothing`,
)

const insertEntries = prepareWrite(
  'ledger entries',
  sql`
  insert into ${ledgerEntries} (reference, n, account, amount, currency)
  select ${sql.placeholder('reference')}::text, n, account, amount, currency
  from json_to_recordset(${sql.placeholder('entries')}::text::json)
    as entry(n int, account text, amount int, currency text)
  order by n`,
)

export const postgresLedger: Ledger = {
  append: (tx, { reference, at, entries }) => {
    const unit = postgresOf(tx)
    unit.write(insertTransaction, { reference, at })
    const rows = JSON.stringify(entries.map((entry, n) => ({ ...entry, n })))
    unit.write(insertEntries, { reference, entries: rows }, entries.length)
  },
}
