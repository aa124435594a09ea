import { expect } from 'vitest'
import { z } from 'zod'
import { eventually } from './journey.ts'
import type { PaymentService } from './payment-service.ts'

const Rows = z.array(z.object({ id: z.string() }))
const Settled = z.array(z.object({ refId: z.string(), captured: z.int(), refunded: z.int() }))
const Balances = z.array(z.object({ currency: z.string(), balance: z.coerce.number() }))

/** I1: nobody is charged twice for one purchase. */
const noDoubleCharge = async ({ sandbox }: PaymentService): Promise<void> => {
  const { charges } = await sandbox.ledger()
  const charged = charges.filter(({ status }) => status === 'succeeded').map(({ metadata }) => metadata['course'])
  const twice = charged.filter((refId, at) => charged.indexOf(refId) !== at)
  expect(twice).toEqual([])
}

/** I3, the side of payment: what is COMPLETED here was captured at the provider, and the other way round. */
const completedIsCaptured = async ({ sandbox, sql }: PaymentService): Promise<void> => {
  const { charges, refunds } = await sandbox.ledger()
  const given = (intent: string) =>
    refunds
      .filter(({ payment_intent, status }) => payment_intent === intent && status !== 'failed')
      .reduce((sum, { amount }) => sum + amount, 0)
  const atProvider = charges
    .filter(({ status }) => status === 'succeeded')
    .map(({ metadata, amount_captured: captured, payment_intent }) => ({
      refId: metadata['course'] ?? '',
      captured,
      refunded: given(payment_intent),
    }))
  const rows = await sql`
    select ref_id as "refId", amount as captured, refunded + refund_pending as refunded
    from payment.payments where status = 'COMPLETED'`
  const byRef = (a: { refId: string }, b: { refId: string }) => (a.refId < b.refId ? -1 : 1)
  expect(Settled.parse([...rows]).toSorted(byRef)).toEqual(atProvider.toSorted(byRef))
}

/** I10: the book sums to zero per transaction and currency, and says of the provider what the provider says. */
const ledgerBalances = async ({ sandbox, sql }: PaymentService): Promise<void> => {
  const unbalanced = await sql`
    select reference as id from payment.ledger_entries group by reference, currency having sum(amount) <> 0`
  expect(Rows.parse([...unbalanced])).toEqual([])
  const held = await sql`
    select lower(currency) as currency, sum(amount) as balance from payment.ledger_entries
    where account = 'provider' group by currency`
  const { totals } = await sandbox.ledger()
  for (const { currency, balance } of Balances.parse([...held])) expect(totals[currency]?.net).toBe(balance)
}

/** Once everything has come to rest. */
export const expectInvariants = (service: PaymentService): Promise<void> =>
  eventually(async () => {
    await noDoubleCharge(service)
    await completedIsCaptured(service)
    await ledgerBalances(service)
  })
