import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addMs, HOUR, type Instant, MINUTE } from '#domain/kernel/clock.ts'
import { systemIds } from '#services/kit/ids.ts'
import { z } from 'zod'
import { expectInvariants } from './testing/invariants.ts'
import { ADMIN, createJourney, eventually, newWish, payerOf } from './testing/journey.ts'
import { type PaymentService, startPaymentService } from './testing/payment-service.ts'
import { ReconciliationView } from './views.ts'

let service: PaymentService
let journey: ReturnType<typeof createJourney>

beforeAll(async () => {
  service = await startPaymentService()
  journey = createJourney(service)
})
afterAll(() => service.stop())

/** Runs one to its end. */
const reconcile = async (asked: { since?: Instant } = {}): Promise<ReconciliationView> => {
  const started = await journey.call('POST', '/v1/reconciliations', ADMIN, asked)
  expect(started.status).toBe(202)
  const location = z.string().parse(started.headers.get('location'))
  return eventually(async () => {
    const view = ReconciliationView.parse((await journey.call('GET', location, ADMIN)).body)
    expect(view.status).toBe('FINISHED')
    return view
  })
}

const dropAllWebhooks = () => service.sandbox.fault({ kind: 'webhook_drop', times: 100 })

describe('a reconciliation', () => {
  test('finds the money whose webhook never came', async () => {
    const { paymentId, intentId } = await journey.payable(newWish())
    await dropAllWebhooks()
    await journey.confirm(intentId)
    expect((await reconcile()).synced).toBeGreaterThan(0)
    await journey.untilStatus(paymentId, 'COMPLETED')
    await service.sandbox.clearFaults()
    expect(await reconcile()).toMatchObject({ synced: 0, findings: [] })
  })

  test('finds the money that came after the payment had ended here', async () => {
    const { paymentId, intentId } = await journey.payable(newWish())
    await service.sql`
      update payment.payments set status = 'CANCELLED', failure_code = 'cancelled', ended_at = now(), client_secret = null
      where id = ${paymentId}`
    await dropAllWebhooks()
    await journey.confirm(intentId)
    await reconcile()
    await journey.untilStatus(paymentId, 'COMPLETED')
    await service.sandbox.clearFaults()
  })

  test('finds the refund whose webhook never came', async () => {
    const { paymentId, intentId } = await journey.paid(newWish(), 'pm_card_pendingRefund')
    const { refundId } = await journey.refund(paymentId, 'paid_late', 'dropped-1')
    const [pending] = await eventually(async () => {
      const { data } = await service.stripe.refunds.list({ payment_intent: intentId })
      expect(data).toHaveLength(1)
      return data
    })
    await dropAllWebhooks()
    await service.sandbox.post(`/refunds/${pending?.id}/settle`)
    await reconcile()
    await eventually(() => expect(journey.typesOf(refundId)).toEqual(['payment.refund_processed']))
    await service.sandbox.clearFaults()
  })

  test('finds the refund that was settled when the provider listed it no longer', async () => {
    const { paymentId, intentId } = await journey.paid(newWish(), 'pm_card_pendingRefund')
    const { refundId } = await journey.refund(paymentId, 'paid_late', 'unlisted-1')
    const [pending] = await eventually(async () => {
      const { data } = await service.stripe.refunds.list({ payment_intent: intentId })
      expect(data).toHaveLength(1)
      return data
    })
    await dropAllWebhooks()
    await service.sandbox.post(`/refunds/${pending?.id}/settle`)
    service.clock.advance(10 * MINUTE)
    await reconcile({ since: addMs(service.clock.now(), HOUR) })
    await eventually(() => expect(journey.typesOf(refundId)).toEqual(['payment.refund_processed']))
    await service.sandbox.clearFaults()
  })

  test('takes up a payment and a refund whose messages were given up', async () => {
    const wish = newWish()
    const paid = await journey.paid(newWish())
    await service.sandbox.fault({ kind: 'rate_limit', operation: 'payment_intents.create', times: 1_000 })
    await service.sandbox.fault({ kind: 'rate_limit', operation: 'refunds.create', times: 1_000 })
    const { paymentId } = await journey.process(wish)
    const { refundId } = await journey.refund(paid.paymentId, 'paid_late', 'given-up-1')
    await eventually(async () => {
      service.clock.advance(MINUTE)
      expect(
        await service.sql`select from payment.dead_letters where key in (${paymentId}, ${paid.paymentId})`,
      ).toHaveLength(2)
    })
    await service.sandbox.clearFaults()
    await reconcile()
    await journey.untilPayable(wish, paymentId)
    await eventually(() => expect(journey.typesOf(refundId)).toEqual(['payment.refund_processed']))
  })

  test('shows a person what nothing here explains', async () => {
    const stray = systemIds.next('pay')
    await service.stripe.paymentIntents.create({ amount: 100, currency: 'eur', metadata: { paymentId: stray } })
    const { paymentId } = await journey.payable(newWish())
    await service.stripe.paymentIntents.create({ amount: 100, currency: 'eur', metadata: { paymentId } })
    const { findings } = await reconcile()
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'unknown_payment', id: stray }))
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'contradiction', id: paymentId }))
    expect(await journey.statusOf(paymentId)).toBe('REQUIRES_ACTION')
  })

  test('is for staff alone', async () => {
    const answer = await journey.call('POST', '/v1/reconciliations', payerOf(newWish()), {})
    expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
  })
})

describe('the book', () => {
  const page = async (path: string) => {
    const answer = await journey.call('GET', path, ADMIN)
    const { items } = z.object({ items: z.array(z.object({ reference: z.string() })) }).parse(answer.body)
    return { items, next: /<(.*)>/.exec(answer.headers.get('link') ?? '')?.[1] }
  }

  test('pages through an account, newest first, without leaving anything out', async () => {
    const seen: string[] = []
    for (let path: string | undefined = '/v1/ledger?account=provider&limit=2'; path; ) {
      const { items, next } = await page(path)
      seen.push(...items.map(({ reference }) => reference))
      path = next
    }
    const rows = await service.sql`
      select reference from payment.ledger_entries where account = 'provider' order by seq desc`
    expect(seen).toEqual(rows.map(({ reference }) => reference))
    expect(seen.length).toBeGreaterThan(4)
  })

  test.each([
    ['a change', 'update payment.ledger_entries set amount = amount + 1'],
    ['a removal', 'delete from payment.ledger_entries'],
    ['a removal of a transaction', 'delete from payment.ledger_transactions'],
    ['an emptying', 'truncate payment.ledger_entries'],
  ])('refuses %s, even of its owner', async (_, statement) => {
    await expect(service.sql.unsafe(statement)).rejects.toThrow('append-only')
  })

  test('refuses a transaction that does not sum to zero', async () => {
    const unbalanced = service.sql.begin(async (sql) => {
      await sql`insert into payment.ledger_transactions (reference, at) values ('capture:test', now())`
      await sql`insert into payment.ledger_entries (reference, n, account, amount, currency)
        values ('capture:test', 0, 'platform', 5, 'EUR'), ('capture:test', 1, 'provider', -5, 'USD')`
    })
    await expect(unbalanced).rejects.toThrow('do not sum to zero')
  })
})

test('in the end every charge is one payment, and the book balances', () => expectInvariants(service))
