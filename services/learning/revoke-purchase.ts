import type { PaymentId } from '#domain/kernel/ids.ts'
import type { EndReason } from '#domain/learning/enrollment-state.ts'
import type { Resolved } from '#bus/cqrs/token.ts'
import type { PurchaseRef } from '#bus/patterns/payment.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import { type passingOn, saveAndPassOn } from './promote-waiting.ts'

/**
 * Ends the access that was paid for. What overtakes the activation is recorded beforehand, and the activation is then
 * declined.
 */
export const revokePurchase = async (
  tx: UnitOfWork,
  deps: Resolved<typeof passingOn>,
  { purchase, paymentId: ref, reason }: { purchase: PurchaseRef; paymentId: PaymentId; reason: EndReason },
): Promise<void> => {
  if (purchase.kind !== 'course') return
  const enrollment = await deps.enrollments.load(purchase.refId)
  if (!enrollment) return
  enrollment.revokeGrant({ source: 'purchase', ref }, reason, tx.now)
  await saveAndPassOn(tx, deps, enrollment)
}
