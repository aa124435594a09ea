import { sql } from 'drizzle-orm'
import {
  bigserial,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type {
  CouponId,
  CourseId,
  InvoiceId,
  PaymentId,
  PayoutId,
  PurchaseId,
  RefundId,
  UserId,
} from '#domain/kernel/ids.ts'
import type { Currency } from '#domain/kernel/money.ts'
import type { Discount, RedemptionStatus } from '#domain/payment/coupon.ts'
import type { CancelRequest } from '#domain/payment/intent.ts'
import type { InvoiceKind, InvoiceSubject } from '#domain/payment/invoice.ts'
import type { IncludedTax, Shares } from '#domain/payment/shares.ts'
import type { LedgerAccount } from '#domain/payment/ledger.ts'
import type {
  AppliedDiscount,
  CouponCode,
  DisputeId,
  DisputeStatus,
  PaymentStatus,
  PayoutStatus,
  ProviderAccountId,
  PurchaseLine,
  PurchaseRef,
  PurchaseStatus,
  ReconciliationId,
  RefundReason,
  RefundStatus,
} from '#domain/payment/values.ts'
import { busTables, instant } from '#bus/postgres/tables.ts'
import type { Finding } from '../../views.ts'

export const paymentSchema = pgSchema('payment')

export const { outbox, heldKeys, inbox, idempotencyKeys, replySlots, deadLetters } = busTables(paymentSchema)

/** What is bought, or was cancelled before anybody bought it. Rows are never changed. */
export const purchases = paymentSchema.table(
  'purchases',
  {
    id: text('id').$type<PurchaseId>().primaryKey(),
    kind: text('kind').notNull(),
    refId: text('ref_id').notNull(),
    status: text('status').$type<PurchaseStatus>().notNull(),
    payerId: text('payer_id').$type<UserId>(),
    /** Lines as one value: they are frozen and read as a whole. */
    lines: jsonb('lines').$type<PurchaseLine[]>(),
    /** What a coupon took off. */
    discount: jsonb('discount').$type<AppliedDiscount>(),
    /** Whose the total is, in part. */
    shares: jsonb('shares').$type<Shares>(),
    totalAmount: integer('total_amount'),
    currency: text('currency').$type<Currency>(),
    /** Of the cancel that came first. */
    actionId: text('action_id'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('purchases_ref').on(table.kind, table.refId),
    check('purchase_kind_known', sql`${table.kind} in ('course', 'lesson')`),
    check(
      'purchase_state_complete',
      sql`(${table.status} = 'OPEN' and num_nulls(${table.payerId}, ${table.lines}, ${table.totalAmount}, ${table.currency}) = 0)
        or (${table.status} = 'CANCELLED' and ${table.actionId} is not null)`,
    ),
  ],
)

/** Codes that make purchases cheaper. */
export const coupons = paymentSchema.table(
  'coupons',
  {
    id: text('id').$type<CouponId>().primaryKey(),
    code: text('code').$type<CouponCode>().notNull(),
    ownerId: text('owner_id').$type<UserId>().notNull(),
    discount: jsonb('discount').$type<Discount>().notNull(),
    courseIds: text('course_ids').array().$type<CourseId[]>(),
    usageLimit: integer('usage_limit'),
    validUntil: instant('valid_until'),
    disabled: boolean('disabled').notNull(),
    redeemed: integer('redeemed').notNull(),
    version: integer('version').notNull(),
  },
  (table) => [
    uniqueIndex('coupons_code').on(table.code),
    check('coupon_code_upper_case', sql`${table.code} = upper(${table.code})`),
    check('coupon_redeemed', sql`${table.redeemed} >= 0`),
  ],
)

/** One for each purchase with a coupon. */
export const couponRedemptions = paymentSchema.table(
  'coupon_redemptions',
  {
    purchaseId: text('purchase_id').$type<PurchaseId>().primaryKey(),
    couponId: text('coupon_id').$type<CouponId>().notNull(),
    payerId: text('payer_id').$type<UserId>().notNull(),
    status: text('status').$type<RedemptionStatus>().notNull(),
    reservedAt: instant('reserved_at').notNull(),
    settledAt: instant('settled_at'),
  },
  (table) => [
    foreignKey({ name: 'redemptions_of_coupon', columns: [table.couponId], foreignColumns: [coupons.id] }),
    foreignKey({ name: 'redemptions_of_purchase', columns: [table.purchaseId], foreignColumns: [purchases.id] }),
    uniqueIndex('coupon_redemptions_once')
      .on(table.couponId, table.payerId)
      .where(sql`${table.status} in ('RESERVED', 'USED')`),
    check('redemption_status_known', sql`${table.status} in ('RESERVED', 'USED', 'RELEASED')`),
    check('redemption_settled', sql`(${table.status} = 'RESERVED') = (${table.settledAt} is null)`),
  ],
)

export const payments = paymentSchema.table(
  'payments',
  {
    id: text('id').$type<PaymentId>().primaryKey(),
    purchaseId: text('purchase_id').$type<PurchaseId>().notNull(),
    kind: text('kind').notNull(),
    refId: text('ref_id').notNull(),
    payerId: text('payer_id').$type<UserId>().notNull(),
    amount: integer('amount').notNull(),
    currency: text('currency').$type<Currency>().notNull(),
    tax: jsonb('tax').$type<IncludedTax>(),
    tutorId: text('tutor_id').$type<UserId>(),
    tutorShare: integer('tutor_share'),
    status: text('status').$type<PaymentStatus>().notNull(),
    initiatedAt: instant('initiated_at').notNull(),
    cancelReason: text('cancel_reason').$type<CancelRequest['reason']>(),
    cancelCode: text('cancel_code'),
    intentId: text('intent_id'),
    clientSecret: text('client_secret'),
    completedAt: instant('completed_at'),
    refundPending: integer('refund_pending').notNull().default(0),
    refunded: integer('refunded').notNull().default(0),
    disputed: integer('disputed').notNull().default(0),
    chargedBack: integer('charged_back').notNull().default(0),
    failureCode: text('failure_code'),
    endedAt: instant('ended_at'),
    version: integer('version').notNull(),
  },
  (table) => [
    foreignKey({ name: 'payments_of_purchase', columns: [table.purchaseId], foreignColumns: [purchases.id] }),
    uniqueIndex('payments_purchase').on(table.purchaseId),
    uniqueIndex('payments_intent').on(table.intentId),
    index('payments_of_payer').on(table.payerId, table.id),
    index('payments_of_tutor')
      .on(table.tutorId, table.completedAt)
      .where(sql`${table.status} = 'COMPLETED' and ${table.tutorId} is not null`),
    index('payments_of_tutor_disputed')
      .on(table.tutorId)
      .where(sql`${table.disputed} > 0 and ${table.tutorId} is not null`),
    index('payments_unsettled')
      .on(table.initiatedAt)
      .where(sql`${table.status} in ('INITIATED', 'REQUIRES_ACTION', 'PROCESSING')`),
    check('payment_amount_positive', sql`${table.amount} > 0`),
    check('payment_tutor_complete', sql`num_nulls(${table.tutorId}, ${table.tutorShare}) in (0, 2)`),
    check('payment_tutor_share', sql`${table.tutorShare} between 0 and ${table.amount}`),
    check('payment_cancel_complete', sql`num_nulls(${table.cancelReason}, ${table.cancelCode}) in (0, 2)`),
    check(
      'payment_refunds_within_captured',
      sql`${table.refundPending} >= 0 and ${table.refunded} >= 0
        and ${table.refundPending} + ${table.refunded} <= ${table.amount}
        and (${table.status} = 'COMPLETED' or ${table.refundPending} + ${table.refunded} = 0)`,
    ),
    check(
      'payment_disputed_once_paid',
      sql`${table.disputed} >= 0 and ${table.chargedBack} >= 0
        and (${table.status} = 'COMPLETED' or ${table.disputed} + ${table.chargedBack} = 0)`,
    ),
    check(
      'payment_state_complete',
      sql`case ${table.status}
        when 'INITIATED' then num_nonnulls(${table.intentId}, ${table.completedAt}, ${table.endedAt}) = 0
        when 'REQUIRES_ACTION' then num_nulls(${table.intentId}, ${table.clientSecret}) = 0
        when 'PROCESSING' then num_nulls(${table.intentId}, ${table.clientSecret}) = 0
        when 'COMPLETED' then num_nulls(${table.intentId}, ${table.completedAt}) = 0 and ${table.endedAt} is null
        when 'FAILED' then num_nulls(${table.failureCode}, ${table.endedAt}) = 0
        when 'CANCELLED' then num_nulls(${table.failureCode}, ${table.endedAt}) = 0
        else false end`,
    ),
  ],
)

export const refunds = paymentSchema.table(
  'refunds',
  {
    id: text('id').$type<RefundId>().primaryKey(),
    paymentId: text('payment_id').$type<PaymentId>().notNull(),
    amount: integer('amount').notNull(),
    reason: text('reason').$type<RefundReason>().notNull(),
    actionId: text('action_id').notNull(),
    status: text('status').$type<RefundStatus>().notNull(),
    requestedAt: instant('requested_at').notNull(),
    providerRefundId: text('provider_refund_id'),
    /** With this one all captured money was back. */
    full: boolean('full'),
    failureCode: text('failure_code'),
    settledAt: instant('settled_at'),
    version: integer('version').notNull(),
  },
  (table) => [
    foreignKey({ name: 'refunds_of_payment', columns: [table.paymentId], foreignColumns: [payments.id] }),
    uniqueIndex('refunds_action').on(table.actionId),
    uniqueIndex('refunds_provider_refund').on(table.providerRefundId),
    index('refunds_by_payment').on(table.paymentId),
    index('refunds_pending').on(table.requestedAt).where(sql`${table.status} = 'PENDING'`),
    check('refund_amount_positive', sql`${table.amount} > 0`),
    check(
      'refund_state_complete',
      sql`case ${table.status}
        when 'PENDING' then num_nonnulls(${table.providerRefundId}, ${table.failureCode}, ${table.settledAt}) = 0
        when 'PROCESSED' then num_nulls(${table.providerRefundId}, ${table.full}, ${table.settledAt}) = 0
        when 'FAILED' then num_nulls(${table.failureCode}, ${table.settledAt}) = 0
        else false end`,
    ),
  ],
)

/** What payers' banks have taken back, under the provider's names. */
export const disputes = paymentSchema.table(
  'disputes',
  {
    id: text('id').$type<DisputeId>().primaryKey(),
    paymentId: text('payment_id').$type<PaymentId>().notNull(),
    amount: integer('amount').notNull(),
    currency: text('currency').$type<Currency>().notNull(),
    reason: text('reason').notNull(),
    status: text('status').$type<DisputeStatus>().notNull(),
    openedAt: instant('opened_at').notNull(),
    closedAt: instant('closed_at'),
    version: integer('version').notNull(),
  },
  (table) => [
    foreignKey({ name: 'disputes_of_payment', columns: [table.paymentId], foreignColumns: [payments.id] }),
    index('disputes_by_payment').on(table.paymentId),
    index('disputes_by_age').on(table.openedAt, table.id),
    index('disputes_open').on(table.openedAt).where(sql`${table.status} = 'OPEN'`),
    check('dispute_amount_positive', sql`${table.amount} > 0`),
    check('dispute_status_known', sql`${table.status} in ('OPEN', 'WON', 'LOST')`),
    check('dispute_closed_complete', sql`(${table.status} = 'OPEN') = (${table.closedAt} is null)`),
  ],
)

/** Where tutors are paid to. */
export const payoutAccounts = paymentSchema.table(
  'payout_accounts',
  {
    tutorId: text('tutor_id').$type<UserId>().primaryKey(),
    accountId: text('account_id').$type<ProviderAccountId>().notNull(),
    nextPayoutAt: instant('next_payout_at').notNull(),
    /** Whose tutor has left, and goes once they have what they earned. */
    leaving: boolean('leaving').notNull(),
    version: integer('version').notNull(),
  },
  (table) => [index('payout_accounts_due').on(table.nextPayoutAt)],
)

/** Earnings on their way to tutors. */
export const payouts = paymentSchema.table(
  'payouts',
  {
    id: text('id').$type<PayoutId>().primaryKey(),
    tutorId: text('tutor_id').$type<UserId>().notNull(),
    accountId: text('account_id').$type<ProviderAccountId>().notNull(),
    amount: integer('amount').notNull(),
    currency: text('currency').$type<Currency>().notNull(),
    status: text('status').$type<PayoutStatus>().notNull(),
    scheduledAt: instant('scheduled_at').notNull(),
    transferId: text('transfer_id'),
    reversed: integer('reversed').notNull(),
    failureCode: text('failure_code'),
    settledAt: instant('settled_at'),
    version: integer('version').notNull(),
  },
  (table) => [
    uniqueIndex('payouts_transfer').on(table.transferId),
    index('payouts_of_tutor').on(table.tutorId, table.id),
    index('payouts_by_status').on(table.status, table.id),
    index('payouts_unsent').on(table.scheduledAt).where(sql`${table.status} = 'SCHEDULED'`),
    check('payout_amount_positive', sql`${table.amount} > 0`),
    check('payout_reversed', sql`${table.reversed} between 0 and ${table.amount}`),
    check(
      'payout_state_complete',
      sql`case ${table.status}
        when 'SCHEDULED' then num_nonnulls(${table.transferId}, ${table.failureCode}, ${table.settledAt}) = 0
        when 'SENT' then num_nulls(${table.transferId}, ${table.settledAt}) = 0
        when 'FAILED' then num_nulls(${table.failureCode}, ${table.settledAt}) = 0
        else false end`,
    ),
  ],
)

/** One for whatever moves money. Appended only: triggers refuse every change. */
export const ledgerTransactions = paymentSchema.table('ledger_transactions', {
  /** What happened to what: `capture:pay_...`, `payout:pyt_...`. */
  reference: text('reference').primaryKey(),
  at: instant('at').notNull(),
})

/** A debit is positive, a credit negative. A trigger refuses a transaction that does not sum to zero per currency. */
export const ledgerEntries = paymentSchema.table(
  'ledger_entries',
  {
    /** Order of appending, for pages. */
    seq: bigserial('seq', { mode: 'number' }).primaryKey(),
    reference: text('reference').notNull(),
    n: integer('n').notNull(),
    account: text('account').$type<LedgerAccount>().notNull(),
    amount: integer('amount').notNull(),
    currency: text('currency').$type<Currency>().notNull(),
  },
  (table) => [
    foreignKey({
      name: 'ledger_entries_of_transaction',
      columns: [table.reference],
      foreignColumns: [ledgerTransactions.reference],
    }),
    uniqueIndex('ledger_entries_place').on(table.reference, table.n),
    index('ledger_entries_of_account').on(table.account, table.seq),
    check(
      'ledger_account_known',
      sql`${table.account} in ('platform', 'provider', 'disputes', 'tax', 'payouts')
        or ${table.account} like any (array['learner:usr\\_%', 'tutor:usr\\_%'])`,
    ),
  ],
)

/** One row a year: the last place that was given away. */
export const invoiceSeries = paymentSchema.table(
  'invoice_series',
  { year: integer('year').primaryKey(), last: integer('last').notNull() },
  (table) => [check('invoice_series_counts', sql`${table.last} > 0`)],
)

/** Invoices and credit notes. Appended only: a trigger refuses every change. */
export const invoices = paymentSchema.table(
  'invoices',
  {
    id: text('id').$type<InvoiceId>().primaryKey(),
    kind: text('kind').$type<InvoiceKind>().notNull(),
    year: integer('year').notNull(),
    place: integer('place').notNull(),
    about: text('about').$type<InvoiceSubject>().notNull(),
    paymentId: text('payment_id').$type<PaymentId>().notNull(),
    payerId: text('payer_id').$type<UserId>().notNull(),
    purchase: jsonb('purchase').$type<PurchaseRef>().notNull(),
    corrects: text('corrects').$type<InvoiceId>(),
    lines: jsonb('lines').$type<PurchaseLine[]>().notNull(),
    discount: jsonb('discount').$type<AppliedDiscount>(),
    amount: integer('amount').notNull(),
    /** Within the amount. */
    tax: jsonb('tax').$type<IncludedTax>(),
    currency: text('currency').$type<Currency>().notNull(),
    issuedAt: instant('issued_at').notNull(),
  },
  (table) => [
    foreignKey({ name: 'invoices_of_payment', columns: [table.paymentId], foreignColumns: [payments.id] }),
    foreignKey({ name: 'credit_notes_of_invoice', columns: [table.corrects], foreignColumns: [table.id] }),
    uniqueIndex('invoices_number').on(table.year, table.place),
    uniqueIndex('invoices_once').on(table.about),
    index('invoices_of_payer').on(table.payerId, table.id),
    check('invoice_kind_known', sql`${table.kind} in ('invoice', 'credit_note')`),
    check('invoice_corrects', sql`(${table.kind} = 'credit_note') = (${table.corrects} is not null)`),
    check('invoice_amount', sql`${table.amount} > 0`),
  ],
)

/** Every signed notice, once, as it came. */
export const providerEvents = paymentSchema.table(
  'provider_events',
  {
    provider: text('provider').notNull(),
    eventId: text('event_id').notNull(),
    type: text('type').notNull(),
    /** Empty once its payer is forgotten. */
    body: text('body').notNull(),
    /** The payment, refund, dispute or payout that it names. */
    about: text('about'),
    receivedAt: instant('received_at').notNull(),
  },
  (table) => [
    primaryKey({ name: 'provider_events_once', columns: [table.provider, table.eventId] }),
    index('provider_events_about').on(table.about).where(sql`${table.about} is not null`),
    index('provider_events_received_at').on(table.receivedAt),
  ],
)

export const reconciliations = paymentSchema.table(
  'reconciliations',
  {
    id: text('id').$type<ReconciliationId>().primaryKey(),
    since: instant('since').notNull(),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
    intents: integer('intents').notNull().default(0),
    refunds: integer('refunds').notNull().default(0),
    disputes: integer('disputes').notNull().default(0),
    payouts: integer('payouts').notNull().default(0),
    synced: integer('synced').notNull().default(0),
    findings: jsonb('findings').$type<Finding[]>().notNull().default([]),
  },
  (table) => [index('reconciliations_started_at').on(table.startedAt)],
)
