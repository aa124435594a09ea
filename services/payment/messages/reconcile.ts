import { addMs, type Instant, MINUTE } from '#domain/kernel/clock.ts'
import type { PaymentId, RefundId } from '#domain/kernel/ids.ts'
import type { ListedIntent, ListedRefund } from '#domain/payment/payment-provider.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { answerWithCall } from '#bus/messaging/handlers.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import { type Comparison, compareAll, judgeIntent, judgeRefund } from '../compare-books.ts'
import { PaymentRepository, Provider, Reconciliations, RefundRepository } from '../ports.ts'

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

const deps = {
  payments: PaymentRepository,
  refunds: RefundRepository,
  reconciliations: Reconciliations,
  provider: Provider,
}

/** Compares what the provider lists with what stands here, and has everything read again that differs or got stuck. */
export const reconcile = answerWithCall(
  Payments.Reconcile,
  deps,
  async ({ data: { since } }, { provider }) => ({
    intents: await collect(provider.listIntents(since)),
    refunds: await collect(provider.listRefunds(since)),
  }),
  async ({ data, called, tx }, { payments, refunds, reconciliations }) => {
    const { reconciliationId: id, since } = data
    const intents = await compareIntents(called.intents, payments, tx.now)
    const refunded = await compareRefunds(called.refunds, refunds)
    const syncedPayments = await syncUnsettledPayments(tx, intents, payments, id)
    const syncedRefunds = await syncUnsettledRefunds(tx, refunded, refunds, id)
    const synced = syncedPayments + syncedRefunds
    const findings = [...intents.findings, ...refunded.findings].slice(0, MAX_FINDINGS)
    const counts = { intents: called.intents.length, refunds: called.refunds.length, synced }
    reconciliations.finish(tx, { id, since, ...counts, findings })
    return { synced }
  },
)
