import { FAULT_KINDS } from './faults/fault.ts'

/** What `GET /` says: enough to pay by hand. */
export const rootPage = (baseUrl: string, publishableKey: string): string => `Payment sandbox

Speaks the part of Stripe's API that the platform uses, keeps its own ledger, and moves no money.
An application talks to it through the official SDK; going live is another key and base URL.

Pay as a learner (client_secret is the clientSecret of GET /v1/payments/{id}; the pi_... before "_secret_" is the id):

  curl ${baseUrl}/v1/payment_intents/pi_.../confirm \\
    -u ${publishableKey}: \\
    -d client_secret=pi_..._secret_... \\
    -d payment_method=pm_card_visa

Other payment methods: pm_card_visa_chargeDeclined, pm_card_visa_chargeDeclinedInsufficientFunds,
pm_card_authenticationRequired (3D Secure: then the same request to
${baseUrl}/sandbox/payment_intents/pi_.../authenticate, without payment_method),
pm_card_pendingRefund, pm_card_refundFail, pm_card_createDispute (the bank takes the money back at once), and in usd pm_usBankAccount_success (stays in processing until settled).

With the secret key (-u sk_test_...:), which npm start keeps as stripeSecretKey in secrets.json of its data directory:

  GET    ${baseUrl}/sandbox/ledger     charges, refunds and disputes, and totals per currency
  POST   ${baseUrl}/sandbox/faults     {"kind": "lose_answer", "operation": "payment_intents.create", "times": 2}
  GET    ${baseUrl}/sandbox/faults     faults that are still waiting; DELETE removes them
  POST   ${baseUrl}/sandbox/clock      {"aheadMs": 1800000}: its clock runs that much ahead
  GET    ${baseUrl}/sandbox/webhooks   how many webhooks are pending, delivered, dropped
  POST   ${baseUrl}/sandbox/payment_intents/pi_.../settle, /sandbox/refunds/re_.../settle
  POST   ${baseUrl}/sandbox/payment_intents/pi_.../dispute     the payer's bank takes the money back; as at Stripe,
         POST /v1/disputes/dp_... with evidence[uncategorized_text]=winning_evidence wins it, /close loses it

Kinds of faults, each for the next "times" (1 unless told):

  of requests ("operation", any unless told)
    ${FAULT_KINDS.request.join(', ')}
  of charges, in place of what the payment method does
    ${FAULT_KINDS.outcome.join(', ')}
  of webhooks ("event", such as payment_intent.succeeded; any unless told)
    ${FAULT_KINDS.webhook.join(', ')} ("count" for webhook_repeat, "delayMs" for webhook_delay)
`
