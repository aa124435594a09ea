import { PaymentNotFound } from '#domain/payment/errors.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { answerWithCall } from '#bus/messaging/handlers.ts'
import { applyIntent } from '../apply-intent.ts'
import { Ledger, PaymentRepository, Provider } from '../ports.ts'

const deps = { payments: PaymentRepository, ledger: Ledger, provider: Provider }

/** An intent that the provider is at work on cannot be cancelled; what becomes of it comes by a webhook. */
export const cancelIntent = answerWithCall(
  Payments.CancelIntent,
  deps,
  async ({ data: { paymentId } }, { payments, provider }) => {
    const payment = await payments.load(paymentId)
    if (!payment) throw PaymentNotFound(paymentId)
    const { state, mustCancelIntent } = payment
    return mustCancelIntent && 'intentId' in state && state.intentId !== null
      ? provider.cancelIntent(state.intentId)
      : undefined
  },
  async ({ data: { paymentId }, called, tx }, books) => {
    const payment = await books.payments.load(paymentId)
    if (!payment) throw PaymentNotFound(paymentId)
    if (called) applyIntent(tx, payment, called, books)
    return { status: payment.state.status }
  },
)
