import type { PaymentFacts, PaymentState } from '#domain/payment/payment-state.ts'
import { Payment } from '#domain/payment/payment.ts'
import type { Shares } from '#domain/payment/shares.ts'
import { PurchaseRef } from '#domain/payment/values.ts'
import { present } from './present.ts'
import type { payments } from './schema.ts'

type PaymentRow = typeof payments.$inferSelect

const sharesOf = ({ tax, tutorId, tutorShare: amount, currency }: PaymentRow): Shares => ({
  tax: tax ?? undefined,
  tutor: tutorId !== null && amount !== null ? { tutorId, money: { amount, currency } } : undefined,
})

export const factsOf = (row: PaymentRow): PaymentFacts => ({
  id: row.id,
  purchaseId: row.purchaseId,
  purchase: PurchaseRef.parse({ kind: row.kind, refId: row.refId }),
  payerId: row.payerId,
  money: { amount: row.amount, currency: row.currency },
  shares: sharesOf(row),
  initiatedAt: row.initiatedAt,
})

const cancelRequestedOf = ({ cancelReason: reason, cancelCode: code }: PaymentRow) =>
  reason !== null && code !== null ? { reason, code } : null

const stateOf = (row: PaymentRow): PaymentState => {
  const facts = factsOf(row)
  const { status, currency } = row
  switch (status) {
    case 'INITIATED':
      return { ...facts, status, cancelRequested: cancelRequestedOf(row) }
    case 'REQUIRES_ACTION':
    case 'PROCESSING': {
      const cancelRequested = cancelRequestedOf(row)
      return {
        ...facts,
        status,
        cancelRequested,
        intentId: present(row.intentId),
        clientSecret: present(row.clientSecret),
      }
    }
    case 'COMPLETED': {
      const refundPending = { amount: row.refundPending, currency }
      const refunded = { amount: row.refunded, currency }
      const disputed = { amount: row.disputed, currency }
      const chargedBack = { amount: row.chargedBack, currency }
      const [intentId, completedAt] = [present(row.intentId), present(row.completedAt)]
      return { ...facts, status, intentId, completedAt, refundPending, refunded, disputed, chargedBack }
    }
    case 'FAILED':
    case 'CANCELLED': {
      const { intentId } = row
      return { ...facts, status, intentId, code: present(row.failureCode), endedAt: present(row.endedAt) }
    }
  }
}

export const paymentOf = (row: PaymentRow): Payment => Payment.restore(stateOf(row), row.version)

/** What changes after the first save. */
export const changingValuesOf = (state: PaymentState) => {
  const cancel = 'cancelRequested' in state ? state.cancelRequested : null
  const ended = 'endedAt' in state ? state : null
  const completed = state.status === 'COMPLETED' ? state : null
  return {
    status: state.status,
    cancelReason: cancel?.reason ?? null,
    cancelCode: cancel?.code ?? null,
    intentId: 'intentId' in state ? state.intentId : null,
    clientSecret: 'clientSecret' in state ? state.clientSecret : null,
    completedAt: completed?.completedAt ?? null,
    refundPending: completed?.refundPending.amount ?? 0,
    refunded: completed?.refunded.amount ?? 0,
    disputed: completed?.disputed.amount ?? 0,
    chargedBack: completed?.chargedBack.amount ?? 0,
    failureCode: ended?.code ?? null,
    endedAt: ended?.endedAt ?? null,
  }
}
