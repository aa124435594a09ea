import { addMs, type Instant, MINUTE } from '#domain/kernel/clock.ts'
import type { PaymentId, PayoutId, RefundId } from '#domain/kernel/ids.ts'
import type { DisputedIntent, ListedIntent, ListedPayout, ListedRefund } from '#domain/payment/payment-provider.ts'
import type { DisputeId } from '#domain/payment/values.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { answerWithCall } from '#bus/messaging/handlers.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import { type Comparison, compareAll, judgeDispute, judgeIntent, judgePayout, judgeRefund } from '../compare-books.ts'
import {
  DisputeRepository,
  PaymentRepository,
  type PayoutRepository,
  Payouts,
  Provider,
  Reconciliations,
  RefundRepository,
} from '../ports.ts'

/** What is younger is still on its ordinary way. */
const SETTLING_MS = 5 * MINUTE
/** The rest is for the next run. */
const MAX_UNSETTLED = 1_000
const MAX_FINDINGS = 1_000

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}

const compareIntents = async (
  listed: readonly ListedIntent[],
  payments: PaymentRepository,
  at: Instant,
): Promise<Comparison<PaymentId>> => {
  const known = await payments.loadAll(listed.map(({ paymentId }) => paymentId))
  const byId = new Map(known.map((payment) => [payment.id, payment]))
  return compareAll(listed, {
    idOf: ({ paymentId }) => paymentId,
    judge: (item) => {
      const payment = byId.get(item.paymentId)
      return payment && judgeIntent(payment, item, at)
    },
    unknown: 'unknown_payment',
  })
}

const compareRefunds = async (
  listed: readonly ListedRefund[],
  refunds: RefundRepository,
): Promise<Comparison<RefundId>> => {
  const known = await refunds.loadAll(listed.map(({ refundId }) => refundId))
  const byId = new Map(known.map((refund) => [refund.id, refund]))
  return compareAll(listed, {
    idOf: ({ refundId }) => refundId,
    judge: (item) => {
      const refund = byId.get(item.refundId)
      return refund && judgeRefund(refund.state, item)
    },
    unknown: 'unknown_refund',
  })
}

const compareDisputes = async (
  listed: readonly DisputedIntent[],
  { payments, disputes }: { payments: PaymentRepository; disputes: DisputeRepository },
): Promise<Comparison<DisputeId>> => {
  const known = await disputes.loadAll(listed.map(({ dispute }) => dispute.disputeId))
  const byId = new Map(known.map((dispute) => [dispute.id, dispute.state]))
  const paid = new Set((await payments.loadAll(listed.map(({ paymentId }) => paymentId))).map(({ id }) => id))
  return compareAll(listed, {
    idOf: ({ dispute }) => dispute.disputeId,
    judge: (item) => (paid.has(item.paymentId) ? judgeDispute(byId.get(item.dispute.disputeId), item) : undefined),
    unknown: 'unknown_dispute',
  })
}

const comparePayouts = async (
  listed: readonly ListedPayout[],
  payouts: PayoutRepository,
): Promise<Comparison<PayoutId>> => {
  const known = await payouts.loadAll(listed.map(({ payoutId }) => payoutId))
  const byId = new Map(known.map((payout) => [payout.id, payout.state]))
  return compareAll(listed, {
    idOf: ({ payoutId }) => payoutId,
    judge: (item) => {
      const state = byId.get(item.payoutId)
      return state && judgePayout(state, item)
    },
    unknown: 'unknown_payout',
  })
}

/** Payments that the provider did not list, and that are waiting for longer than a webhook takes. Returns how many. */
const syncUnsettledPayments = async (
  tx: UnitOfWork,
  { compared, behind }: Comparison<PaymentId>,
  payments: PaymentRepository,
  cause: string,
): Promise<number> => {
  const unsettled = await payments.unsettled(addMs(tx.now, -SETTLING_MS), MAX_UNSETTLED)
  const missing = unsettled.filter(({ paymentId }) => !compared.has(paymentId))
  for (const paymentId of behind)
    tx.send(Payments.SyncIntent, { paymentId }, { key: paymentId, idempotencyKey: `${cause}/${paymentId}` })
  for (const { paymentId, status } of missing) {
    const message = status === 'INITIATED' ? Payments.CreateIntent : Payments.SyncIntent
    tx.send(message, { paymentId }, { key: paymentId, idempotencyKey: `${cause}/${paymentId}` })
  }
  return behind.length + missing.length
}

const syncUnsettledRefunds = async (
  tx: UnitOfWork,
  { compared, behind }: Comparison<RefundId>,
  refunds: RefundRepository,
  cause: string,
): Promise<number> => {
  const pending = await refunds.pending(addMs(tx.now, -SETTLING_MS), MAX_UNSETTLED)
  const missing = pending.filter(({ id }) => !compared.has(id))
  for (const refundId of [...behind, ...missing.map(({ id }) => id)])
    tx.send(Payments.SyncRefund, { refundId }, { key: refundId, idempotencyKey: `${cause}/${refundId}` })
  return behind.length + missing.length
}

const syncOpenDisputes = async (
  tx: UnitOfWork,
  { compared, behind }: Comparison<DisputeId>,
  disputes: DisputeRepository,
  cause: string,
): Promise<number> => {
  const open = await disputes.open(addMs(tx.now, -SETTLING_MS), MAX_UNSETTLED)
  const stale = [...behind, ...open.filter((id) => !compared.has(id))]
  for (const disputeId of stale)
    tx.send(Payments.SyncDispute, { disputeId }, { key: disputeId, idempotencyKey: `${cause}/${disputeId}` })
  return stale.length
}

const syncUnsentPayouts = async (
  tx: UnitOfWork,
  { compared, behind }: Comparison<PayoutId>,
  payouts: PayoutRepository,
  cause: string,
): Promise<number> => {
  const unsent = await payouts.unsent(addMs(tx.now, -SETTLING_MS), MAX_UNSETTLED)
  const missing = unsent.filter((id) => !compared.has(id))
  for (const payoutId of behind)
    tx.send(Payments.SyncPayout, { payoutId }, { key: payoutId, idempotencyKey: `${cause}/${payoutId}` })
  for (const payoutId of missing)
    tx.send(Payments.SendPayout, { payoutId }, { key: payoutId, idempotencyKey: `${cause}/${payoutId}` })
  return behind.length + missing.length
}

const deps = {
  payments: PaymentRepository,
  refunds: RefundRepository,
  disputes: DisputeRepository,
  payouts: Payouts,
  reconciliations: Reconciliations,
  provider: Provider,
}

/**
 * Compares what the provider lists with what stands here, and has everything read again that differs or got stuck. It
 * looks back at least to where the last one did, so that a time without any leaves no gap.
 */
export const reconcile = answerWithCall(
  Payments.Reconcile,
  deps,
  async ({ data }, { provider, reconciliations }) => {
    const compared = await reconciliations.comparedBefore()
    const since = compared !== undefined && compared < data.since ? compared : data.since
    return {
      intents: await collect(provider.listIntents(since)),
      refunds: await collect(provider.listRefunds(since)),
      disputes: await collect(provider.listDisputes(since)),
      payouts: await collect(provider.listPayouts(since)),
    }
  },
  async ({ data, called, tx }, { payments, refunds, disputes, payouts, reconciliations }) => {
    const { reconciliationId: id, since } = data
    const intents = await compareIntents(called.intents, payments, tx.now)
    const refunded = await compareRefunds(called.refunds, refunds)
    const disputed = await compareDisputes(called.disputes, { payments, disputes })
    const paidOut = await comparePayouts(called.payouts, payouts)
    const syncedPayments = await syncUnsettledPayments(tx, intents, payments, id)
    const syncedRefunds = await syncUnsettledRefunds(tx, refunded, refunds, id)
    const syncedDisputes = await syncOpenDisputes(tx, disputed, disputes, id)
    const syncedPayouts = await syncUnsentPayouts(tx, paidOut, payouts, id)
    const synced = syncedPayments + syncedRefunds + syncedDisputes + syncedPayouts
    const found = [intents, refunded, disputed, paidOut].flatMap(({ findings }) => findings)
    const findings = found.slice(0, MAX_FINDINGS)
    const counts = {
      intents: called.intents.length,
      refunds: called.refunds.length,
      disputes: called.disputes.length,
      payouts: called.payouts.length,
      synced,
    }
    reconciliations.finish(tx, { id, since, ...counts, findings })
    return { synced }
  },
)
