import { Refund, type RefundState } from '#domain/payment/refund.ts'
import { factsOf } from './payment-row.ts'
import { present } from './present.ts'
import type { payments, refunds } from './schema.ts'

/** A refund with the payment that it gives back. */
export interface RefundRow {
  readonly refund: typeof refunds.$inferSelect
  readonly payment: typeof payments.$inferSelect
}

const stateOf = ({ refund, payment }: RefundRow): RefundState => {
  const { id, paymentId, reason, actionId, requestedAt, status } = refund
  const { purchase, payerId } = factsOf(payment)
  const money = { amount: refund.amount, currency: payment.currency }
  const facts = { id, paymentId, purchase, payerId, money, reason, actionId, requestedAt }
  switch (status) {
    case 'PENDING':
      return { ...facts, status }
    case 'PROCESSED': {
      const providerRefundId = present(refund.providerRefundId)
      return { ...facts, status, providerRefundId, full: present(refund.full), processedAt: present(refund.settledAt) }
    }
    case 'FAILED':
      return { ...facts, status, code: present(refund.failureCode), failedAt: present(refund.settledAt) }
  }
}

export const refundOf = (row: RefundRow): Refund => Refund.restore(stateOf(row), row.refund.version)

/** What changes after the first save. */
export const changingValuesOf = (state: RefundState) => {
  const nothing = { providerRefundId: null, full: null, failureCode: null, settledAt: null }
  switch (state.status) {
    case 'PENDING':
      return { ...nothing, status: state.status }
    case 'PROCESSED': {
      const { status, providerRefundId, full, processedAt } = state
      return { ...nothing, status, providerRefundId, full, settledAt: processedAt }
    }
    case 'FAILED':
      return { ...nothing, status: state.status, failureCode: state.code, settledAt: state.failedAt }
  }
}
