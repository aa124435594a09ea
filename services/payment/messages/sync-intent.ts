import { PaymentNotFound } from '#domain/payment/errors.ts'
import { intentIdOf } from '#domain/payment/payment-state.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { answerWithCall } from '#bus/messaging/handlers.ts'
import { applyIntent, sendCancelIntent } from '../apply-intent.ts'
import { Ledger, PaymentRepository, Provider } from '../ports.ts'

const deps = { payments: PaymentRepository, ledger: Ledger, provider: Provider }

/** A webhook may overtake the answer that brings the intent's id; the intent is then looked for by the payment's. */
export const syncIntent = answerWithCall(
  Payments.SyncIntent,
  deps,
  async ({ data: { paymentId } }, { payments, provider }) => {
    const payment = await payments.load(paymentId)
    if (!payment) throw PaymentNotFound(paymentId)
    const { state } = payment
    const intentId = intentIdOf(state)
    return intentId === null
      ? provider.findIntent({ paymentId, initiatedAt: state.initiatedAt })
      : provider.getIntent(intentId)
  },
  async ({ data: { paymentId }, called, tx, messageId }, books) => {
    const payment = await books.payments.load(paymentId)
    if (!payment) throw PaymentNotFound(paymentId)
    if (called) applyIntent(tx, payment, called, books)
    if (payment.mustCancelIntent) sendCancelIntent(tx, payment, messageId)
    return { status: payment.state.status }
  },
)
