import { afterAll } from 'vitest'
import { openDatabase } from '#bus/postgres/database.ts'
import { createPostgresStore } from '#bus/postgres/store.ts'
import { systemIds } from '#services/kit/ids.ts'
import { migrateServices, serviceUrl } from '#services/kit/postgres/migrate.ts'
import { createTestDatabase } from '#services/kit/testing/database.ts'
import { repositoriesContract } from '../testing/repositories.contract.ts'
import { createPostgresCoupons } from './coupons.ts'
import { createPostgresDisputes } from './disputes.ts'
import { createPostgresEarnings } from './earnings.ts'
import { postgresLedger } from './ledger.ts'
import { createPostgresPayments } from './payments.ts'
import { createPostgresPayoutAccounts } from './payout-accounts.ts'
import { createPostgresPayouts } from './payouts.ts'
import { createPostgresProviderEvents } from './provider-events.ts'
import { createPostgresPurchases } from './purchases.ts'
import { createPostgresRefunds } from './refunds.ts'
import { paymentTables } from './tables.ts'

const closers: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closers.toReversed()) await close()
})

repositoriesContract('PostgreSQL', async () => {
  const created = await createTestDatabase()
  closers.push(created.drop)
  await migrateServices(created.url, [paymentTables])
  const database = openDatabase({ url: serviceUrl(created.url, 'payment'), name: 'payment' })
  closers.push(database.close)
  return {
    store: createPostgresStore({ service: 'payment', database, tables: paymentTables.bus, ids: systemIds }),
    purchases: createPostgresPurchases(database),
    payments: createPostgresPayments(database),
    refunds: createPostgresRefunds(database),
    disputes: createPostgresDisputes(database),
    coupons: createPostgresCoupons(database),
    payoutAccounts: createPostgresPayoutAccounts(database),
    payouts: createPostgresPayouts(database),
    ledger: postgresLedger,
    earnings: createPostgresEarnings(database),
    events: createPostgresProviderEvents(database),
  }
})
