import type { Intent } from '#domain/payment/intent.ts'
import { IntentMismatch } from '#domain/payment/errors.ts'
import { capture } from '#domain/payment/ledger.ts'
import type { Payment } from '#domain/payment/payment.ts'
import { Payments } from '#bus/patterns/payment.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import type { Ledger, PaymentRepository } from './ports.ts'

export interface Books {
  readonly payments: PaymentRepository
  readonly ledger: Ledger
}

/** A contradiction is no answer: the message fails until it is a dead letter, where a person finds it. */
const observe = (payment: Payment, intent: Intent, at: string): boolean => {
  try {
    return payment.observe(intent, at)
  } catch (error) {
    if (!IntentMismatch.is(error)) throw error
    throw new Error(`${intent.intentId} contradicts ${payment.id}`, { cause: error })
  }
}

/** Asks the service itself to cancel the intent; `cause` names what made it necessary, once. */
export const sendCancelIntent = (tx: UnitOfWork, { id: paymentId }: Payment, cause: string): void =>
  tx.send(Payments.CancelIntent, { paymentId }, { key: paymentId, idempotencyKey: `${cause}/cancel_intent` })

/**
 * Takes in what was read at the provider, with the capture for the book where the money has come. True where there was
 * news in it: the payment is to be saved then.
 */
export const takeIntent = (tx: UnitOfWork, payment: Payment, intent: Intent, ledger: Ledger): boolean => {
  const isNew = observe(payment, intent, tx.now)
  if (isNew && payment.state.status === 'COMPLETED') ledger.append(tx, capture(payment.state))
  return isNew
}

/** Registers what was read at the provider. */
export const applyIntent = (tx: UnitOfWork, payment: Payment, intent: Intent, { payments, ledger }: Books): void => {
  if (takeIntent(tx, payment, intent, ledger)) payments.save(tx, payment)
}
