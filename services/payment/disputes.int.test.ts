import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addMs, HOUR, MINUTE } from '#domain/kernel/clock.ts'
import type { PaymentId } from '#domain/kernel/ids.ts'
import { z } from 'zod'
import { expectInvariants } from './testing/invariants.ts'
import { ADMIN, createJourney, eventually, newWish, PRICE, payerOf } from './testing/journey.ts'
import { type PaymentService, startPaymentService } from './testing/payment-service.ts'
import { DisputeView } from './views.ts'

let service: PaymentService
let journey: ReturnType<typeof createJourney>

beforeAll(async () => {
  service = await startPaymentService()
  journey = createJourney(service)
})
afterAll(() => service.stop())

const nothing = { ...PRICE, amount: 0 }

const listed = async (query = '') => {
  const answer = await journey.call('GET', `/v1/disputes${query}`, ADMIN)
  const items = z.array(DisputeView).parse(z.object({ items: z.unknown() }).parse(answer.body).items)
  return { items, next: /<(.*)>/.exec(answer.headers.get('link') ?? '')?.[1] }
}

const disputeOf = async (paymentId: PaymentId) => (await listed()).items.find((item) => item.paymentId === paymentId)

const untilDispute = (paymentId: PaymentId, status: DisputeView['status']) =>
  eventually(async () => {
    const dispute = await disputeOf(paymentId)
    expect(dispute?.status).toBe(status)
    return dispute?.disputeId ?? ''
  })

/** Paid, and then the payer's bank takes the money back. */
const disputed = async () => {
  const wish = newWish()
  const { paymentId, intentId } = await journey.paid(wish)
  await service.sandbox.post(`/payment_intents/${intentId}/dispute`)
  const disputeId = await untilDispute(paymentId, 'OPEN')
  return { wish, paymentId, disputeId }
}

const win = (disputeId: string) =>
  service.stripe.disputes.update(disputeId, { evidence: { uncategorized_text: 'winning_evidence' } })

const entriesOf = (reference: string) =>
  service.sql`select account, amount from payment.ledger_entries where reference = ${reference} order by n`

describe('a dispute', () => {
  test('shows on the payment, in the book and to subscribers, and stands in the way of refunds', async () => {
    const { wish, paymentId, disputeId } = await disputed()
    expect(await journey.view(paymentId, payerOf(wish))).toMatchObject({ disputed: PRICE, chargedBack: nothing })
    expect(await entriesOf(`dispute:${disputeId}`)).toEqual([
      { account: 'disputes', amount: PRICE.amount },
      { account: 'provider', amount: -PRICE.amount },
    ])
    const { purchase } = wish
    expect(journey.eventsOf(disputeId)).toMatchObject([
      { type: 'payment.dispute_opened', data: { disputeId, paymentId, purchase, money: PRICE } },
    ])
    const asked = await journey.call('POST', `/v1/payments/${paymentId}/refunds`, payerOf(wish), {})
    expect(asked).toMatchObject({ status: 409, body: { code: 'PAYMENT_DISPUTED' } })
  })

  test('keeps what a learner is owed for leaving, until the bank has decided', async () => {
    const { paymentId, disputeId } = await disputed()
    const ask = () => journey.refund(paymentId, 'enrollment_cancelled', `left/${paymentId}`)
    const refused = await ask().catch((error: unknown) => error)
    // No answer that ends it: sent as a message it comes again, and waits among the dead letters in the end.
    expect(refused).not.toMatchObject({ code: 'PAYMENT_DISPUTED' })
    expect(refused).toBeInstanceOf(Error)
    await win(disputeId)
    await untilDispute(paymentId, 'WON')
    const { refundId } = await ask()
    await eventually(() => expect(journey.typesOf(refundId)).toEqual(['payment.refund_processed']))
  })

  test('that is won leaves the payment as it was, to be refunded after all', async () => {
    const { wish, paymentId, disputeId } = await disputed()
    await win(disputeId)
    await untilDispute(paymentId, 'WON')
    expect(await journey.view(paymentId, payerOf(wish))).toMatchObject({ disputed: nothing, chargedBack: nothing })
    await eventually(() =>
      expect(journey.eventsOf(disputeId).at(-1)).toMatchObject({ data: { outcome: 'won', full: false } }),
    )
    const asked = await journey.call('POST', `/v1/payments/${paymentId}/refunds`, payerOf(wish), {})
    expect(asked).toMatchObject({ status: 202, body: { money: PRICE } })
  })

  test('that is lost takes the money for good, told once however often it is said', async () => {
    const { wish, paymentId, disputeId } = await disputed()
    await service.sandbox.fault({ kind: 'webhook_repeat', event: 'charge.dispute.closed', count: 4 })
    await service.stripe.disputes.close(disputeId)
    await untilDispute(paymentId, 'LOST')
    expect(await journey.view(paymentId, payerOf(wish))).toMatchObject({ disputed: nothing, chargedBack: PRICE })
    await eventually(async () =>
      expect(await service.sql`select from payment.outbox where key = ${disputeId}`).toHaveLength(0),
    )
    expect(journey.typesOf(disputeId)).toEqual(['payment.dispute_opened', 'payment.dispute_closed'])
    expect(journey.eventsOf(disputeId).at(-1)).toMatchObject({ data: { outcome: 'lost', full: true } })
    expect(await entriesOf(`verdict:${disputeId}`)).toEqual([
      { account: 'platform', amount: PRICE.amount },
      { account: 'disputes', amount: -PRICE.amount },
      { account: 'tax', amount: 782 },
      { account: 'platform', amount: -782 },
    ])
  })

  test('whose notices come in the wrong order ends as it ended at the bank', async () => {
    const wish = newWish()
    const { paymentId, intentId } = await journey.paid(wish)
    await service.sandbox.fault({ kind: 'webhook_delay', event: 'charge.dispute.created', delayMs: 400 })
    await service.sandbox.fault({ kind: 'webhook_drop', event: 'charge.dispute.funds_withdrawn' })
    await service.sandbox.post(`/payment_intents/${intentId}/dispute`)
    const [dispute] = (await service.stripe.disputes.list({ payment_intent: intentId })).data
    await service.stripe.disputes.close(dispute?.id ?? '')
    await untilDispute(paymentId, 'LOST')
    await eventually(async () =>
      expect(
        await service.sql`
        select from payment.provider_events where type like 'charge.dispute.%' and body like ${`%${dispute?.id}%`}`,
      ).toHaveLength(2),
    )
    expect(journey.typesOf(dispute?.id ?? '')).toEqual(['payment.dispute_opened', 'payment.dispute_closed'])
  })

  test('tells that its payment was paid, where the notice of that was lost', async () => {
    const { paymentId, intentId } = await journey.payable(newWish())
    await service.sandbox.fault({ kind: 'webhook_drop', event: 'payment_intent.succeeded' })
    await journey.confirm(intentId, 'pm_card_createDispute')
    await journey.untilStatus(paymentId, 'COMPLETED')
    await untilDispute(paymentId, 'OPEN')
    await eventually(() => expect(journey.typesOf(paymentId)).toEqual(['payment.initiated', 'payment.completed']))
  })

  test('that is an inquiry takes no money and is none', async () => {
    const { paymentId } = await journey.paid(newWish(), 'pm_card_createDisputeInquiry')
    await eventually(async () =>
      expect(
        await service.sql`
        select from payment.provider_events where type = 'charge.dispute.created' and body like '%warning_needs%'`,
      ).toHaveLength(1),
    )
    expect(await disputeOf(paymentId)).toBeUndefined()
    expect(await service.sql`select from payment.dead_letters`).toHaveLength(0)
  })
})

describe('a reconciliation', () => {
  const reconcile = async () => {
    const { body } = await journey.call('POST', '/v1/reconciliations', ADMIN, {
      since: addMs(service.clock.now(), -MINUTE),
    })
    const { reconciliationId } = z.object({ reconciliationId: z.string() }).parse(body)
    return eventually(async () => {
      const answer = await journey.call('GET', `/v1/reconciliations/${reconciliationId}`, ADMIN)
      expect(answer.body).toMatchObject({ status: 'FINISHED' })
      return answer.body
    })
  }
  const dropDisputes = async () => {
    for (const type of ['created', 'funds_withdrawn', 'closed', 'funds_reinstated'])
      await service.sandbox.fault({ kind: 'webhook_drop', event: `charge.dispute.${type}`, times: 100 })
  }

  test('finds the dispute of which no notice came, even after a long time without any comparison', async () => {
    await reconcile()
    const { paymentId, intentId } = await journey.paid(newWish())
    await dropDisputes()
    await service.sandbox.post(`/payment_intents/${intentId}/dispute`)
    service.clock.advance(5 * HOUR)
    expect(await reconcile()).toMatchObject({ disputes: expect.any(Number) })
    await untilDispute(paymentId, 'OPEN')
    await service.sandbox.clearFaults()
  })

  test('finds how a dispute ended long after it was opened', async () => {
    const { paymentId, disputeId } = await disputed()
    service.clock.advance(HOUR)
    await reconcile()
    await dropDisputes()
    await win(disputeId)
    service.clock.advance(30 * 24 * HOUR)
    await reconcile()
    await untilDispute(paymentId, 'WON')
    await service.sandbox.clearFaults()
  })
})

describe('the list', () => {
  test('pages newest first, of one status or of all, for staff alone', async () => {
    const all = (await listed('?limit=100')).items.map(({ disputeId }) => disputeId)
    expect(all.length).toBeGreaterThan(4)
    const seen: string[] = []
    for (let path: string | undefined = '?limit=2'; path; ) {
      const { items, next } = await listed(path)
      seen.push(...items.map(({ disputeId }) => disputeId))
      path = next?.replace('/v1/disputes', '')
    }
    expect(seen).toEqual(all)
    const lost = (await listed('?status=LOST')).items
    expect(lost.length).toBeGreaterThan(0)
    expect(lost.every(({ status, closedAt }) => status === 'LOST' && closedAt !== undefined)).toBe(true)
    const answer = await journey.call('GET', '/v1/disputes', payerOf(newWish()))
    expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
  })
})

test('in the end every charge is one payment, and the book balances', () => expectInvariants(service))

test("a dispute of another software's charge is none of ours", async () => {
  const other = await service.stripe.paymentIntents.create({
    amount: 700,
    currency: 'eur',
    payment_method: 'pm_card_createDispute',
    confirm: true,
  })
  const [dispute] = (await service.stripe.disputes.list({ payment_intent: other.id })).data
  await service.stripe.disputes.close(dispute?.id ?? '')
  await eventually(async () =>
    expect(await service.sql`select from payment.provider_events where body like ${`%${dispute?.id}%`}`).toHaveLength(
      3,
    ),
  )
  expect(await service.sql`select from payment.disputes where id = ${dispute?.id ?? ''}`).toHaveLength(0)
  expect(await service.sql`select from payment.dead_letters`).toHaveLength(0)
})
