import { type Clock, HOUR, type Instant, MINUTE, msBetween } from '#domain/kernel/clock.ts'
import type { PaymentProvider } from '#domain/payment/payment-provider.ts'
import type Stripe from 'stripe'
import { disputedIntentOf, WITH_INTENT } from './dispute.ts'
import { isServerError, refusalOf, unavailable } from './errors.ts'
import { intentOf, isPastCancelling, listedIntentOf } from './intent.ts'
import { listedRefundOf, providerRefundOf } from './refund.ts'
import { listedPayoutOf, providerPayoutOf } from './transfer.ts'

/** Stripe forgets a key after 24 hours; before that it is safe to rely on it. */
const KEY_KEPT_MS = 23 * HOUR
const PAGE = 100

/** Stripe counts in seconds, by a clock of its own. */
const createdFrom = (instant: Instant) => ({ gte: Math.floor((Date.parse(instant) - MINUTE) / 1000) })

const answering = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call()
  } catch (error) {
    throw unavailable(error)
  }
}

/** Payments at Stripe. Whatever is no answer throws `Unavailable`. */
export const createStripeProvider = (stripe: Stripe, clock: Clock): PaymentProvider => {
  const findIntent: PaymentProvider['findIntent'] = ({ paymentId, initiatedAt }) =>
    answering(async () => {
      const intents = stripe.paymentIntents.list({ created: createdFrom(initiatedAt), limit: PAGE })
      for await (const intent of intents) if (intent.metadata['paymentId'] === paymentId) return intentOf(intent)
      return undefined
    })

  const findRefund: PaymentProvider['findRefund'] = ({ refundId, intentId }) =>
    answering(async () => {
      const refunds = stripe.refunds.list({ payment_intent: intentId, limit: PAGE })
      for await (const refund of refunds)
        if (refund.metadata?.['refundId'] === refundId) return providerRefundOf(refund)
      return undefined
    })

  const findPayout: PaymentProvider['findPayout'] = (payoutId) =>
    answering(async () => {
      const { data } = await stripe.transfers.list({ transfer_group: payoutId, limit: 1 })
      return data.map(providerPayoutOf)[0]
    })

  /**
   * Creates once, whatever Stripe remembers: long after the first try it looks first, and after a failure on Stripe's
   * side, which the key would replay for a day, it looks afterwards.
   */
  const once = async <T>(firstTried: Instant, find: () => Promise<T | undefined>, create: () => Promise<T>) => {
    const earlier = msBetween(firstTried, clock.now()) > KEY_KEPT_MS ? await find() : undefined
    if (earlier) return earlier
    try {
      return await create()
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal) return refusal
      const made = isServerError(error) ? await find() : undefined
      if (made) return made
      throw unavailable(error)
    }
  }

  return {
    findIntent,
    findRefund,
    findPayout,
    createIntent: ({ paymentId, purchase, money, initiatedAt }) =>
      once(
        initiatedAt,
        () => findIntent({ paymentId, initiatedAt }),
        async () => {
          const { amount, currency } = money
          const metadata = { paymentId, [purchase.kind]: purchase.refId }
          const parameters = { amount, currency: currency.toLowerCase(), metadata }
          return intentOf(await stripe.paymentIntents.create(parameters, { idempotencyKey: paymentId }))
        },
      ),
    getIntent: (intentId) => answering(async () => intentOf(await stripe.paymentIntents.retrieve(intentId))),
    cancelIntent: (intentId) =>
      answering(async () => {
        const cancel = async () => intentOf(await stripe.paymentIntents.cancel(intentId))
        // It cannot be cancelled any more, or not now: then its state is the answer.
        const intent = await cancel().catch(async (error: unknown) => {
          if (!refusalOf(error)) throw error
          return intentOf(await stripe.paymentIntents.retrieve(intentId))
        })
        if (!isPastCancelling(intent)) throw new Error(`${intentId} was not cancelled.`)
        return intent
      }),
    createRefund: ({ refundId, intentId, money, requestedAt }) =>
      once(
        requestedAt,
        () => findRefund({ refundId, intentId }),
        async () => {
          const parameters = { payment_intent: intentId, amount: money.amount, metadata: { refundId } }
          return providerRefundOf(await stripe.refunds.create(parameters, { idempotencyKey: refundId }))
        },
      ),
    sendPayout: ({ payoutId, accountId, money, scheduledAt }) =>
      once(
        scheduledAt,
        () => findPayout(payoutId),
        async () => {
          const { amount, currency } = money
          const parameters = { amount, currency: currency.toLowerCase(), destination: accountId }
          const named = { transfer_group: payoutId, metadata: { payoutId } }
          return providerPayoutOf(
            await stripe.transfers.create({ ...parameters, ...named }, { idempotencyKey: payoutId }),
          )
        },
      ),
    listPayouts: async function* (since) {
      for await (const transfer of stripe.transfers.list({ created: createdFrom(since), limit: PAGE })) {
        const listed = listedPayoutOf(transfer)
        if (listed) yield listed
      }
    },
    findDispute: (disputeId) =>
      answering(async () => disputedIntentOf(await stripe.disputes.retrieve(disputeId, { expand: [WITH_INTENT] }))),
    listDisputes: async function* (since) {
      const created = createdFrom(since)
      const disputes = stripe.disputes.list({ created, limit: PAGE, expand: [`data.${WITH_INTENT}`] })
      for await (const dispute of disputes) {
        const disputed = disputedIntentOf(dispute)
        if (disputed) yield disputed
      }
    },
    listIntents: async function* (since) {
      for await (const intent of stripe.paymentIntents.list({ created: createdFrom(since), limit: PAGE })) {
        const listed = listedIntentOf(intent)
        if (listed) yield listed
      }
    },
    listRefunds: async function* (since) {
      for await (const refund of stripe.refunds.list({ created: createdFrom(since), limit: PAGE })) {
        const listed = listedRefundOf(refund)
        if (listed) yield listed
      }
    },
  }
}
