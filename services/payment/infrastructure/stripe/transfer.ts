import { PayoutId } from '#domain/kernel/ids.ts'
import { Currency } from '#domain/kernel/money.ts'
import type { ListedPayout, ProviderPayout } from '#domain/payment/payment-provider.ts'
import type Stripe from 'stripe'

export const providerPayoutOf = ({ id, amount_reversed: amount, currency }: Stripe.Transfer): ProviderPayout => ({
  status: 'sent',
  transferId: id,
  reversed: { amount, currency: Currency.parse(currency.toUpperCase()) },
})

/** Undefined for what was made by hand or by other software of the same account. */
export const listedPayoutOf = (transfer: Stripe.Transfer): ListedPayout | undefined => {
  const payoutId = PayoutId.safeParse(transfer.metadata['payoutId'])
  return payoutId.success ? { payoutId: payoutId.data, payout: providerPayoutOf(transfer) } : undefined
}
