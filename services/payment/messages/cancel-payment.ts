import { cancelledBy } from '#domain/payment/intent.ts'
import { Purchase } from '#domain/payment/purchase.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { sendCancelIntent } from '../apply-intent.ts'
import { PaymentRepository, PurchaseRepository } from '../ports.ts'

const deps = { purchases: PurchaseRepository, payments: PaymentRepository }

export const cancelPayment = answer(
  Payments.CancelPayment,
  deps,
  async ({ data, tx, ids, now, messageId }, { purchases, payments }) => {
    const { purchase: ref, actionId } = data
    const purchase = await purchases.find(ref)
    if (!purchase) {
      // It may still arrive; then it finds this and goes no further.
      purchases.save(tx, Purchase.cancelledBeforehand({ id: ids.next('pur'), ref, actionId }, now))
      return { status: 'CANCELLED' as const }
    }
    if (purchase.state.status === 'CANCELLED') return { status: 'CANCELLED' as const }
    const payment = await payments.ofPurchase(purchase.id)
    if (!payment) throw new Error(`${purchase.id} is open and has no payment.`)
    if (payment.requestCancel(cancelledBy('saga'))) payments.save(tx, payment)
    if (payment.mustCancelIntent) sendCancelIntent(tx, payment, messageId)
    return { status: payment.state.status }
  },
)
