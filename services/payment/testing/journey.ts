import { expect, vi } from 'vitest'
import { type PaymentId, UserId } from '#domain/kernel/ids.ts'
import type { Money } from '#domain/kernel/money.ts'
import { type PaymentStatus, PurchaseRef, type RefundReason } from '#domain/payment/values.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { systemIds } from '#services/kit/ids.ts'
import { createResponseValidator } from '#services/kit/testing/validate-response.ts'
import { PaymentView } from '../views.ts'
import type { PaymentService } from './payment-service.ts'

export const PRICE: Money = { amount: 4900, currency: 'EUR' }

export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 20_000, interval: 25 })

export const newUser = (): UserId => UserId.parse(systemIds.next('usr'))

export const ADMIN = `${newUser()} learner admin`

/** What a learner who wants a seat brings. */
export interface Wish {
  readonly purchase: PurchaseRef
  readonly payerId: UserId
  readonly money: Money
  readonly title?: string
  readonly tutorId?: UserId
}

export const newWish = (money: Money = PRICE): Wish => ({
  purchase: PurchaseRef.parse({ kind: 'course', refId: systemIds.next('enr') }),
  payerId: newUser(),
  money,
})

export const payerOf = ({ payerId }: Wish): string => `${payerId} learner`

/** Talks to the service as the learning service, payers and staff do. */
export const createJourney = (service: PaymentService) => {
  const { http, request, stripe, events } = service
  const validator = createResponseValidator([http.document()])

  /** Every answer is checked against the document. */
  const call = async (method: string, path: string, actor: string, body?: object) => {
    const headers = {
      ...(actor !== '' && { 'x-actor': actor }),
      ...(method === 'POST' && { 'idempotency-key': systemIds.next('key') }),
      ...(body && { 'content-type': 'application/json' }),
    }
    const response = await http.app.request(path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    const text = await response.text()
    const { pathname } = new URL(path, 'http://localhost')
    validator.check({ method, path: pathname, status: response.status, headers: response.headers, body: text })
    const answer: unknown = text === '' ? undefined : JSON.parse(text)
    return { status: response.status, headers: response.headers, body: answer }
  }

  const process = (wish: Wish) => request(Payments.ProcessPayment, wish)
  const statusOf = async (paymentId: PaymentId) => (await request(Payments.GetPaymentStatus, { paymentId })).status
  const untilStatus = (paymentId: PaymentId, status: PaymentStatus) =>
    eventually(async () => expect(await statusOf(paymentId)).toBe(status))

  const view = async (paymentId: PaymentId, actor: string) =>
    PaymentView.parse((await call('GET', `/v1/payments/${paymentId}`, actor)).body)

  /** The intent's id, once its payer can see the client secret. */
  const untilPayable = async (wish: Wish, paymentId: PaymentId): Promise<string> => {
    const secret = await eventually(async () => {
      const { clientSecret } = await view(paymentId, payerOf(wish))
      expect(clientSecret).toBeDefined()
      return clientSecret ?? ''
    })
    return secret.replace(/_secret_.*/, '')
  }

  const payable = async (wish: Wish) => {
    const { paymentId } = await process(wish)
    return { paymentId, intentId: await untilPayable(wish, paymentId) }
  }

  const confirm = (intentId: string, card = 'pm_card_visa') =>
    stripe.paymentIntents.confirm(intentId, { payment_method: card })

  const paid = async (wish: Wish, card?: string) => {
    const open = await payable(wish)
    await confirm(open.intentId, card)
    await untilStatus(open.paymentId, 'COMPLETED')
    return open
  }

  const refund = (paymentId: PaymentId, reason: RefundReason, actionId: string, money?: Money) =>
    request(Payments.RefundPayment, { paymentId, reason, actionId, money })

  /** What was published about an aggregate, in order of arrival. */
  const eventsOf = (id: string) => events.filter(({ subject }) => subject === id)
  const typesOf = (id: string) => eventsOf(id).map(({ type }) => type)

  return { call, process, statusOf, untilStatus, view, untilPayable, payable, confirm, paid, refund, eventsOf, typesOf }
}
