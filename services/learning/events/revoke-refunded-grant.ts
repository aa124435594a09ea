import { on } from '#bus/messaging/handlers.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { Enrollments } from '../enrollment-ports.ts'

/**
 * Access that was paid for ends when all its money is back. A refund that overtakes the activation is recorded
 * beforehand, and the activation is then declined.
 */
export const revokeRefundedGrant = on(
  Payments.RefundProcessed,
  { enrollments: Enrollments },
  async ({ data: { purchase, paymentId, full }, tx, now }, { enrollments }) => {
    if (!full || purchase.kind !== 'course') return
    const enrollment = await enrollments.load(purchase.refId)
    if (!enrollment) return
    enrollment.revokeGrant({ source: 'purchase', ref: paymentId }, now)
    enrollments.save(tx, enrollment)
  },
)
