import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY } from '#domain/kernel/clock.ts'
import type { RefundId } from '#domain/kernel/ids.ts'
import type { Money } from '#domain/kernel/money.ts'
import { z } from 'zod'
import { expectInvariants } from './testing/invariants.ts'
import { ADMIN, createJourney, eventually, newWish, PRICE, payerOf } from './testing/journey.ts'
import { type PaymentService, startPaymentService } from './testing/payment-service.ts'
import { RefundView } from './views.ts'

let service: PaymentService
let journey: ReturnType<typeof createJourney>

beforeAll(async () => {
  service = await startPaymentService()
  journey = createJourney(service)
})
afterAll(() => service.stop())

const eur = (amount: number): Money => ({ amount, currency: 'EUR' })

const refundView = async (refundId: RefundId) =>
  RefundView.parse((await journey.call('GET', `/v1/refunds/${refundId}`, ADMIN)).body)

const untilRefund = (refundId: RefundId, status: RefundView['status']) =>
  eventually(async () => expect((await refundView(refundId)).status).toBe(status))

describe('a refund of the saga', () => {
  test('gives everything back and says that it was all', async () => {
    const wish = newWish()
    const { paymentId } = await journey.paid(wish)
    const { refundId } = await journey.refund(paymentId, 'paid_late', 'late-1')
    await untilRefund(refundId, 'PROCESSED')
    await eventually(() =>
      expect(journey.eventsOf(refundId)).toMatchObject([
        { type: 'payment.refund_processed', data: { paymentId, full: true, money: PRICE, reason: 'paid_late' } },
      ]),
    )
  })

  test('is one refund for one act, however often it is asked for', async () => {
    const { paymentId } = await journey.paid(newWish())
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => journey.refund(paymentId, 'enrollment_failed', 'act-1')),
    )
    expect(new Set(answers.map(({ refundId }) => refundId)).size).toBe(1)
    const another = await journey.paid(newWish())
    await expect(journey.refund(another.paymentId, 'enrollment_failed', 'act-1')).rejects.toMatchObject({
      code: 'REFUND_ACTION_REUSED',
    })
  })

  test('never gives back more than was captured, whatever comes at once', async () => {
    const { paymentId } = await journey.paid(newWish())
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, (_, n) => journey.refund(paymentId, 'duplicate', `part-${n}`, eur(2000))),
    )
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(refused).toHaveLength(4)
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'REFUND_EXCEEDS_CAPTURED' })
    const inDollars = journey.refund(paymentId, 'duplicate', 'part-other', { amount: 1, currency: 'USD' })
    await expect(inDollars).rejects.toMatchObject({ code: 'REFUND_EXCEEDS_CAPTURED' })
  })

  test('whose answer is lost is made once', async () => {
    const { paymentId, intentId } = await journey.paid(newWish())
    await service.sandbox.fault({ kind: 'lose_answer', operation: 'refunds.create', times: 4 })
    const { refundId } = await journey.refund(paymentId, 'paid_late', 'lost-1')
    await untilRefund(refundId, 'PROCESSED')
    const { refunds } = await service.sandbox.ledger()
    expect(refunds.filter(({ payment_intent }) => payment_intent === intentId)).toHaveLength(1)
  })

  test('that fails at the provider after its effect is found there', async () => {
    const { paymentId } = await journey.paid(newWish())
    await service.sandbox.fault({ kind: 'server_error_after_effect', operation: 'refunds.create' })
    const { refundId } = await journey.refund(paymentId, 'paid_late', 'failed-1')
    await untilRefund(refundId, 'PROCESSED')
  })

  test('that the bank takes its time for is processed when the bank says so', async () => {
    const { paymentId, intentId } = await journey.paid(newWish(), 'pm_card_pendingRefund')
    const { refundId } = await journey.refund(paymentId, 'paid_late', 'slow-1')
    const list = () => service.stripe.refunds.list({ payment_intent: intentId })
    const [pending] = await eventually(async () => {
      const { data } = await list()
      expect(data).toHaveLength(1)
      return data
    })
    expect(await refundView(refundId)).toMatchObject({ status: 'PENDING' })
    await service.sandbox.post(`/refunds/${pending?.id}/settle`)
    await untilRefund(refundId, 'PROCESSED')
  })

  test('of what was never paid is refused', async () => {
    const { paymentId } = await journey.payable(newWish())
    await expect(journey.refund(paymentId, 'paid_late', 'unpaid-1')).rejects.toMatchObject({
      code: 'PAYMENT_NOT_REFUNDABLE',
    })
  })
})

describe('over HTTP', () => {
  const ask = (paymentId: string, actor: string, body: object = {}) =>
    journey.call('POST', `/v1/payments/${paymentId}/refunds`, actor, body)

  test('a payer gets all of it back within the window', async () => {
    const wish = newWish()
    const { paymentId } = await journey.paid(wish)
    const answer = await ask(paymentId, payerOf(wish))
    expect(answer).toMatchObject({ status: 202, body: { paymentId, money: PRICE, status: 'PENDING' } })
    const location = z.string().parse(answer.headers.get('location'))
    await eventually(async () =>
      expect(await journey.call('GET', location, payerOf(wish))).toMatchObject({
        status: 200,
        body: { status: 'PROCESSED', reason: 'requested_by_payer' },
      }),
    )
    expect(await journey.call('GET', location, payerOf(newWish()))).toMatchObject({ status: 404 })
    expect(await journey.view(paymentId, payerOf(wish))).toMatchObject({ status: 'COMPLETED', refunded: PRICE })
  })

  test('a payer cannot keep a cent, and with it the grant', async () => {
    const wish = newWish()
    const { paymentId } = await journey.paid(wish)
    const answer = await ask(paymentId, payerOf(wish), { money: eur(4899) })
    expect(answer).toMatchObject({ status: 422, body: { code: 'REFUND_MUST_BE_WHOLE' } })
  })

  test('staff may give back a part, and the rest later', async () => {
    const wish = newWish()
    const { paymentId } = await journey.paid(wish)
    expect(await ask(paymentId, ADMIN, { money: eur(900) })).toMatchObject({ status: 202 })
    expect(await ask(paymentId, ADMIN, { money: eur(4001) })).toMatchObject({
      status: 422,
      body: { code: 'REFUND_EXCEEDS_CAPTURED' },
    })
    expect(await ask(paymentId, payerOf(wish))).toMatchObject({ status: 202, body: { money: eur(4000) } })
  })

  test('an unpaid payment is a conflict, a foreign one is missing', async () => {
    const wish = newWish()
    const { paymentId } = await journey.payable(wish)
    expect(await ask(paymentId, payerOf(wish))).toMatchObject({
      status: 409,
      body: { code: 'PAYMENT_NOT_REFUNDABLE' },
    })
    expect(await ask(paymentId, payerOf(newWish()))).toMatchObject({
      status: 404,
      body: { code: 'PAYMENT_NOT_FOUND' },
    })
  })

  test('the window closes after 14 days, but not for staff', async () => {
    const wish = newWish()
    const { paymentId } = await journey.paid(wish)
    service.clock.advance(14 * DAY + 60_000)
    expect(await ask(paymentId, payerOf(wish))).toMatchObject({ status: 422, body: { code: 'REFUND_WINDOW_CLOSED' } })
    expect(await ask(paymentId, ADMIN)).toMatchObject({ status: 202 })
  })
})

test('in the end every charge is one payment, and the book balances', () => expectInvariants(service))
