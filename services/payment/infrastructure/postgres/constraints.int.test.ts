import { afterAll, beforeAll, expect, test } from 'vitest'
import postgres from 'postgres'
import { migrateServices } from '#services/kit/postgres/migrate.ts'
import { createTestDatabase, type TestDatabase } from '#services/kit/testing/database.ts'
import { paymentTables } from './tables.ts'

let database: TestDatabase
let sql: postgres.Sql

/** Two payments of 50 EUR, and a refund of each that is on its way. */
beforeAll(async () => {
  database = await createTestDatabase()
  await migrateServices(database.url, [paymentTables])
  sql = postgres(database.url, { max: 1, onnotice: () => undefined })
  for (const n of [1, 2]) {
    await sql`
      insert into payment.purchases (id, kind, ref_id, status, payer_id, lines, total_amount, currency, created_at)
      values (${`pur_${n}`}, 'course', ${`enr_${n}`}, 'OPEN', 'usr_1', '[]', 5000, 'EUR', now())`
    await sql`
      insert into payment.payments (id, purchase_id, kind, ref_id, payer_id, amount, currency, status, intent_id,
        initiated_at, completed_at, version)
      values (${`pay_${n}`}, ${`pur_${n}`}, 'course', ${`enr_${n}`}, 'usr_1', 5000, 'EUR', 'COMPLETED', ${`pi_${n}`},
        now(), now(), 1)`
    await sql`
      insert into payment.refunds (id, payment_id, amount, reason, action_id, status, requested_at, version)
      values (${`rfn_${n}`}, ${`pay_${n}`}, 5000, 'duplicate', ${`act_${n}`}, 'PENDING', now(), 1)`
  }
})
afterAll(async () => {
  await sql.end()
  await database.drop()
})

const processed = (refund: string, providerRefund: string) => `update payment.refunds
  set status = 'PROCESSED', provider_refund_id = '${providerRefund}', "full" = true, settled_at = now()
  where id = '${refund}'`

test.each([
  ['payment_refunds_within_captured', 'update payment.payments set refunded = 4000, refund_pending = 1001'],
  [
    'payment_refunds_within_captured',
    `update payment.payments set status = 'CANCELLED', failure_code = 'cancelled', ended_at = now(), refunded = 1`,
  ],
  ['payment_state_complete', `update payment.payments set completed_at = null`],
  ['refund_amount_positive', 'update payment.refunds set amount = 0'],
  ['refund_state_complete', `update payment.refunds set status = 'PROCESSED'`],
])('%s refuses %s', async (constraint, statement) => {
  await expect(sql.unsafe(statement)).rejects.toMatchObject({ constraint_name: constraint })
})

test('one refund at the provider settles one refund here, and one intent pays one payment', async () => {
  await sql.unsafe(processed('rfn_1', 're_1'))
  await expect(sql.unsafe(processed('rfn_2', 're_1'))).rejects.toMatchObject({
    constraint_name: 'refunds_provider_refund',
  })
  const sameIntent = sql`update payment.payments set intent_id = 'pi_1' where id = 'pay_2'`
  await expect(sameIntent).rejects.toMatchObject({ constraint_name: 'payments_intent' })
})
