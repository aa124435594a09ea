import { Instant } from '#domain/kernel/clock.ts'
import { PaymentId, RefundId, UserId } from '#domain/kernel/ids.ts'
import { Currency, Money } from '#domain/kernel/money.ts'
import {
  DisputeId,
  DisputeReason,
  DisputeStatus,
  FailureCode,
  PaymentStatus,
  PurchaseRef,
  ReconciliationId,
  RefundReason,
  RefundStatus,
} from '#domain/payment/values.ts'
import { z } from 'zod'

/** A payment as its payer and the staff see it. */
export const PaymentView = z.object({
  paymentId: PaymentId,
  purchase: PurchaseRef,
  payerId: UserId,
  money: Money,
  refunded: Money.describe('What has gone back to the payer.'),
  disputed: Money.describe("What the payer's bank holds until it has decided."),
  chargedBack: Money.describe("What the payer's bank has taken for good."),
  status: PaymentStatus,
  clientSecret: z
    .string()
    .max(500)
    .optional()
    .describe('Confirms the payment at the provider; for its payer alone, and only while it can be paid.'),
  code: FailureCode.optional().describe('Why it ended without money.'),
  initiatedAt: Instant,
  completedAt: Instant.optional(),
  endedAt: Instant.optional(),
  version: z.int().positive(),
})
export type PaymentView = z.infer<typeof PaymentView>

export const RefundView = z.object({
  refundId: RefundId,
  paymentId: PaymentId,
  money: Money,
  reason: RefundReason,
  status: RefundStatus,
  code: FailureCode.optional().describe('Why the provider would not send the money.'),
  requestedAt: Instant,
  settledAt: Instant.optional(),
  version: z.int().positive(),
})
export type RefundView = z.infer<typeof RefundView>

/** A payment that its payer's bank has taken back, for the time being or for good. */
export const DisputeView = z.object({
  disputeId: DisputeId.describe('As the provider names it.'),
  paymentId: PaymentId,
  purchase: PurchaseRef,
  payerId: UserId,
  money: Money,
  reason: DisputeReason,
  status: DisputeStatus,
  openedAt: Instant,
  closedAt: Instant.optional(),
})
export type DisputeView = z.infer<typeof DisputeView>

export const LedgerAccountName = z.union([
  z.literal('platform'),
  z.literal('provider'),
  z.literal('disputes'),
  z.templateLiteral(['learner:', UserId]),
])

export const LedgerEntryView = z.object({
  reference: z
    .string()
    .max(100)
    .describe('The capture, refund or dispute that it belongs to; its entries sum to zero.'),
  at: Instant,
  account: LedgerAccountName,
  amount: z.int().describe('Minor units; a debit is positive, a credit negative.'),
  currency: Currency,
})
export type LedgerEntryView = z.infer<typeof LedgerEntryView>

/** What a person has to look at: nothing here or at the provider explains it. */
export const Finding = z.object({
  kind: z.enum(['unknown_payment', 'unknown_refund', 'unknown_dispute', 'contradiction']),
  id: z.string().max(100).describe('The payment, refund or dispute.'),
  detail: z.string().max(300),
})
export type Finding = z.infer<typeof Finding>

export const ReconciliationView = z.object({
  reconciliationId: ReconciliationId,
  status: z.enum(['RUNNING', 'FINISHED']),
  since: Instant,
  startedAt: Instant,
  finishedAt: Instant.optional(),
  intents: z.int().describe('Payment intents that were compared.'),
  refunds: z.int().describe('Refunds that were compared.'),
  disputes: z.int().describe('Disputes that were compared.'),
  synced: z.int().describe('How many differed and are being synced.'),
  findings: z.array(Finding).max(1_000),
})
export type ReconciliationView = z.infer<typeof ReconciliationView>
