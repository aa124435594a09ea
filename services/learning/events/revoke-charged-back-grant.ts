import { on } from '#bus/messaging/handlers.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { passingOn } from '../promote-waiting.ts'
import { revokePurchase } from '../revoke-purchase.ts'

/** Access stays while a bank decides, and ends where it has taken the last of the money. */
export const revokeChargedBackGrant = on(
  Payments.DisputeClosed,
  passingOn,
  async ({ data: { purchase, paymentId, outcome, full }, tx }, deps) => {
    if (outcome === 'lost' && full) await revokePurchase(tx, deps, { purchase, paymentId, reason: 'charged_back' })
  },
)
