import { Instant } from '#domain/kernel/clock.ts'
import { PaymentId, PayoutId, RefundId, UserId } from '#domain/kernel/ids.ts'
import { Currency, Money } from '#domain/kernel/money.ts'
import {
  DisputeId,
  DisputeReason,
  DisputeStatus,
  FailureCode,
  PaymentStatus,
  PayoutStatus,
  ProviderAccountId,
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

const minorUnits = (what: string) => z.int().describe(`${what}, in minor units.`)

/** What a tutor has earned in one currency. */
export const EarningsView = z.object({
  currency: Currency,
  owed: minorUnits('What is not paid out; negative where more was taken back than came'),
  onHold: minorUnits('The part of it whose payers may still have it back'),
  available: minorUnits('The part of it that the next payout is made of'),
  inTransit: minorUnits('On its way to your account'),
  paidOut: minorUnits('What has been paid to your account'),
})

export const PayoutAccountView = z.object({
  accountId: ProviderAccountId,
  nextPayoutAt: Instant.describe('When your earnings are looked at next.'),
})

/** Earnings on their way to a tutor. */
export const PayoutView = z.object({
  payoutId: PayoutId,
  tutorId: UserId,
  accountId: ProviderAccountId,
  money: Money,
  status: PayoutStatus,
  reversed: Money.describe('What was taken back from the account afterwards.'),
  code: FailureCode.optional().describe('Why the provider would not send it; the money is owed again.'),
  scheduledAt: Instant,
  settledAt: Instant.optional(),
})
export type PayoutView = z.infer<typeof PayoutView>

export const LedgerAccountName = z.union([
  z.literal('platform'),
  z.literal('provider'),
  z.literal('disputes'),
  z.literal('tax'),
  z.literal('payouts'),
  z.templateLiteral(['learner:', UserId]),
  z.templateLiteral(['tutor:', UserId]),
])

export const LedgerEntryView = z.object({
  reference: z
    .string()
    .max(100)
    .describe('What it is about, such as a capture, a refund or a payout; its entries sum to zero.'),
  at: Instant,
  account: LedgerAccountName,
  amount: z.int().describe('Minor units; a debit is positive, a credit negative.'),
  currency: Currency,
})
export type LedgerEntryView = z.infer<typeof LedgerEntryView>

/** What a person has to look at: nothing here or at the provider explains it. */
export const Finding = z.object({
  kind: z.enum(['unknown_payment', 'unknown_refund', 'unknown_dispute', 'unknown_payout', 'contradiction']),
  id: z.string().max(100).describe('The payment, refund, dispute or payout.'),
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
  payouts: z.int().describe('Payouts that were compared.'),
  synced: z.int().describe('How many differed and are being synced.'),
  findings: z.array(Finding).max(1_000),
})
export type ReconciliationView = z.infer<typeof ReconciliationView>
