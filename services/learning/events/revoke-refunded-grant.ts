import { on } from '#bus/messaging/handlers.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { passingOn, saveAndPassOn } from '../promote-waiting.ts'

/**
 * Access that was paid for ends when all its money is back. A refund that overtakes the activation is recorded
 * beforehand, and the activation is then declined.
 */
export const revokeRefundedGrant = on(
  Payments.RefundProcessed,
  passingOn,
  async ({ data: { purchase, paymentId, full }, tx, now }, deps) => {
    if (!full || purchase.kind !== 'course') return
    const enrollment = await deps.enrollments.load(purchase.refId)
    if (!enrollment) return
    enrollment.revokeGrant({ source: 'purchase', ref: paymentId }, now)
    await saveAndPassOn(tx, deps, enrollment)
  },
)
