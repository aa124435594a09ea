import { RefundId } from '#domain/kernel/ids.ts'
import type { ListedRefund, ProviderRefund } from '#domain/payment/payment-provider.ts'
import type Stripe from 'stripe'

export const providerRefundOf = ({ id, status, failure_reason: reason }: Stripe.Refund): ProviderRefund => {
  switch (status) {
    case 'succeeded':
      return { status: 'succeeded', providerRefundId: id }
    case 'failed':
    case 'canceled':
      return { status: 'failed', code: (reason ?? status).slice(0, 100) }
    default:
      return { status: 'pending', providerRefundId: id }
  }
}

/** Undefined for what was made by hand or by other software of the same account. */
export const listedRefundOf = (refund: Stripe.Refund): ListedRefund | undefined => {
  const refundId = RefundId.safeParse(refund.metadata?.['refundId'])
  return refundId.success ? { refundId: refundId.data, refund: providerRefundOf(refund) } : undefined
}
