import type { PaymentIntent } from '../stripe/objects.ts'

const unused = {
  amount_capturable: 0,
  application: null,
  application_fee_amount: null,
  customer: null,
  on_behalf_of: null,
  payment_method_options: {},
  processing: null,
  review: null,
  setup_future_usage: null,
  shipping: null,
  transfer_data: null,
  transfer_group: null,
}

/** The intent as a secret key sees it. */
export const presentPaymentIntent = ({ authenticated: _, ...intent }: PaymentIntent) => ({ ...intent, ...unused })
export type PresentedPaymentIntent = ReturnType<typeof presentPaymentIntent>

/** The intent as its payer sees it: a publishable key shows neither metadata nor charges. */
export const presentToPayer = ({ metadata: _metadata, latest_charge: _charge, ...visible }: PresentedPaymentIntent) =>
  visible
