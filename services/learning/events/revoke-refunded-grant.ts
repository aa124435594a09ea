import { on } from '#bus/messaging/handlers.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { passingOn } from '../promote-waiting.ts'
import { revokePurchase } from '../revoke-purchase.ts'

/** Access that was paid for ends when all its money is back. */
export const revokeRefundedGrant = on(
  Payments.RefundProcessed,
  passingOn,
  async ({ data: { purchase, paymentId, full }, tx }, deps) => {
    if (full) await revokePurchase(tx, deps, { purchase, paymentId, reason: 'refunded' })
  },
)
