import { PaymentNotFound } from '#domain/payment/errors.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { answerWithCall } from '#bus/messaging/handlers.ts'
import { applyIntent, sendCancelIntent } from '../apply-intent.ts'
import { Ledger, PaymentRepository, Provider } from '../ports.ts'

const deps = { payments: PaymentRepository, ledger: Ledger, provider: Provider }

/** A payment that was cancelled meanwhile still gets its intent: an earlier try may have made one, to be cancelled. */
export const createIntent = answerWithCall(
  Payments.CreateIntent,
  deps,
  async ({ data: { paymentId } }, { payments, provider }) => {
    const payment = await payments.load(paymentId)
    if (!payment) throw PaymentNotFound(paymentId)
    const { status, purchase, money, initiatedAt } = payment.state
    if (status !== 'INITIATED') return undefined
    return provider.createIntent({ paymentId, purchase, money, initiatedAt })
  },
  async ({ data: { paymentId }, called, tx, messageId }, books) => {
    const payment = await books.payments.load(paymentId)
    if (!payment) throw PaymentNotFound(paymentId)
    if (called?.status === 'refused') {
      if (payment.intentRefused(called.code, tx.now)) books.payments.save(tx, payment)
    } else if (called) {
      applyIntent(tx, payment, called, books)
      if (payment.mustCancelIntent) sendCancelIntent(tx, payment, messageId)
    }
    return { status: payment.state.status }
  },
)
