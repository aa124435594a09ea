import { noSuch } from './errors.ts'
import type { PaymentMethodType } from './objects.ts'

export interface Decline {
  code: string
  declineCode: string
  message: string
}

export interface PaymentMethod {
  id: string
  type: PaymentMethodType
  brand: string
  last4: string
  /** 3D Secure is asked for before the charge. */
  authentication?: true
  decline?: Decline
  /** What the payer's bank says of the charge as soon as it is made. */
  dispute?: 'fraudulent' | 'product_not_received' | 'inquiry'
  /** What becomes of a refund after its first answer. */
  refund?: 'pending' | 'fails_later'
}

const declines = {
  generic: { code: 'card_declined', declineCode: 'generic_decline', message: 'Your card was declined.' },
  funds: { code: 'card_declined', declineCode: 'insufficient_funds', message: 'Your card has insufficient funds.' },
  lost: { code: 'card_declined', declineCode: 'lost_card', message: 'Your card was declined.' },
  stolen: { code: 'card_declined', declineCode: 'stolen_card', message: 'Your card was declined.' },
  fraudulent: { code: 'card_declined', declineCode: 'fraudulent', message: 'Your card was declined.' },
  expired: { code: 'expired_card', declineCode: 'expired_card', message: 'Your card has expired.' },
  cvc: { code: 'incorrect_cvc', declineCode: 'incorrect_cvc', message: "Your card's security code is incorrect." },
  processing: {
    code: 'processing_error',
    declineCode: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
  },
} satisfies Record<string, Decline>

export const declinedWith = (declineCode: string): Decline =>
  Object.values(declines).find((decline) => decline.declineCode === declineCode) ?? { ...declines.generic, declineCode }

const card = (last4: string, behaviour: Partial<PaymentMethod> = {}, brand = 'visa'): Omit<PaymentMethod, 'id'> => ({
  type: 'card',
  brand,
  last4,
  ...behaviour,
})
const bankAccount = (last4: string, behaviour: Partial<PaymentMethod> = {}): Omit<PaymentMethod, 'id'> => ({
  type: 'us_bank_account',
  brand: 'STRIPE TEST BANK',
  last4,
  ...behaviour,
})

/** The payment methods of https://docs.stripe.com/testing that matter here, under the names and last digits given there. */
const testPaymentMethods = {
  pm_card_visa: card('4242'),
  pm_card_visa_debit: card('5556'),
  pm_card_mastercard: card('4444', {}, 'mastercard'),
  pm_card_amex: card('0005', {}, 'amex'),
  pm_card_chargeDeclined: card('0002', { decline: declines.generic }),
  pm_card_visa_chargeDeclined: card('0002', { decline: declines.generic }),
  pm_card_chargeDeclinedInsufficientFunds: card('9995', { decline: declines.funds }),
  pm_card_visa_chargeDeclinedInsufficientFunds: card('9995', { decline: declines.funds }),
  pm_card_visa_chargeDeclinedLostCard: card('9987', { decline: declines.lost }),
  pm_card_visa_chargeDeclinedStolenCard: card('9979', { decline: declines.stolen }),
  pm_card_chargeDeclinedFraudulent: card('0019', { decline: declines.fraudulent }),
  pm_card_chargeDeclinedExpiredCard: card('0069', { decline: declines.expired }),
  pm_card_chargeDeclinedIncorrectCvc: card('0127', { decline: declines.cvc }),
  pm_card_chargeDeclinedProcessingError: card('0119', { decline: declines.processing }),
  pm_card_authenticationRequired: card('3184', { authentication: true }),
  pm_card_threeDSecure2Required: card('3220', { authentication: true }),
  pm_card_threeDSecureRequiredChargeDeclined: card('1629', { authentication: true, decline: declines.generic }),
  pm_card_authenticationRequiredChargeDeclinedInsufficientFunds: card('3178', {
    authentication: true,
    decline: declines.funds,
  }),
  pm_card_createDispute: card('0259', { dispute: 'fraudulent' }),
  pm_card_createDisputeProductNotReceived: card('2685', { dispute: 'product_not_received' }),
  pm_card_createDisputeInquiry: card('1976', { dispute: 'inquiry' }),
  pm_card_pendingRefund: card('7726', { refund: 'pending' }),
  pm_card_refundFail: card('5126', { refund: 'fails_later' }),
  pm_usBankAccount_success: bankAccount('6789'),
  pm_usBankAccount_insufficientFunds: bankAccount('2227', {
    decline: {
      code: 'payment_intent_payment_attempt_failed',
      declineCode: 'insufficient_funds',
      message: 'The payment failed: the account has insufficient funds.',
    },
  }),
} satisfies Record<string, Omit<PaymentMethod, 'id'>>

const catalog = new Map<string, Omit<PaymentMethod, 'id'>>(Object.entries(testPaymentMethods))

export const findPaymentMethod = (id: string): PaymentMethod => {
  const method = catalog.get(id)
  if (!method) throw noSuch('PaymentMethod', id, 'payment_method', 400)
  return { id, ...method }
}
