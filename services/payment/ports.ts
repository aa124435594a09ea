import type { Instant } from '#domain/kernel/clock.ts'
import type { Coupon, Redemption, RedemptionStatus } from '#domain/payment/coupon.ts'
import type { Dispute } from '#domain/payment/dispute.ts'
import type { PersonalData } from '#domain/kernel/personal-data.ts'
import type { CouponId, InvoiceId, PaymentId, PayoutId, PurchaseId, RefundId, UserId } from '#domain/kernel/ids.ts'
import type { Invoice, InvoiceSubject, Place } from '#domain/payment/invoice.ts'
import type { LedgerAccount, LedgerTransaction } from '#domain/payment/ledger.ts'
import type { Payment } from '#domain/payment/payment.ts'
import type { PaymentProvider } from '#domain/payment/payment-provider.ts'
import type { Earnings } from '#domain/payment/earnings.ts'
import type { PayoutAccount } from '#domain/payment/payout-account.ts'
import type { Payout } from '#domain/payment/payout.ts'
import type { Purchase } from '#domain/payment/purchase.ts'
import type * as sale from '#domain/payment/shares.ts'
import type { Refund } from '#domain/payment/refund.ts'
import type {
  CouponCode,
  DisputeId,
  DisputeStatus,
  PaymentStatus,
  PayoutStatus,
  PurchaseRef,
  ReconciliationId,
} from '#domain/payment/values.ts'
import { token } from '#bus/cqrs/token.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import type {
  DisputeView,
  Finding,
  LedgerEntryView,
  PaymentView,
  PayoutView,
  ReconciliationView,
  RefundView,
} from './views.ts'

export interface PurchaseRepository {
  find(ref: PurchaseRef): Promise<Purchase | undefined>
  /** Only new ones: a purchase never changes. */
  save(tx: UnitOfWork, purchase: Purchase): void
}

export interface UnsettledPayment {
  readonly paymentId: PaymentId
  readonly status: PaymentStatus
}

export interface PaymentRepository {
  load(id: PaymentId): Promise<Payment | undefined>
  loadAll(ids: readonly PaymentId[]): Promise<readonly Payment[]>
  ofPurchase(purchaseId: PurchaseId): Promise<Payment | undefined>
  /** Of one payer, neither paid nor ended. */
  openOf(payerId: UserId): Promise<readonly Payment[]>
  /** Neither paid nor ended, and initiated before then; oldest first. */
  unsettled(before: Instant, limit: number): Promise<readonly UnsettledPayment[]>
  save(tx: UnitOfWork, payment: Payment): void
}

/** Both as of one moment, since every step of a refund moves the count on its payment as well. */
export interface RefundOfPayment {
  readonly refund: Refund
  readonly payment: Payment
}

export interface RefundRepository {
  load(id: RefundId): Promise<RefundOfPayment | undefined>
  loadAll(ids: readonly RefundId[]): Promise<readonly Refund[]>
  ofAction(actionId: string): Promise<Refund | undefined>
  /** Pending, and requested before then; oldest first. */
  pending(before: Instant, limit: number): Promise<readonly Refund[]>
  save(tx: UnitOfWork, refund: Refund): void
}

export interface DisputeRepository {
  load(id: DisputeId): Promise<Dispute | undefined>
  loadAll(ids: readonly DisputeId[]): Promise<readonly Dispute[]>
  /** Open, and opened before then; oldest first. */
  open(before: Instant, limit: number): Promise<readonly DisputeId[]>
  save(tx: UnitOfWork, dispute: Dispute): void
}

/** A use of a coupon, with the coupon as it stands. */
export interface RedemptionOfCoupon {
  readonly redemption: Redemption
  readonly coupon: Coupon
}

export interface CouponRepository {
  load(id: CouponId): Promise<Coupon | undefined>
  byCode(code: CouponCode): Promise<Coupon | undefined>
  /** Whether a payer holds it or has used it. */
  isRedeemedBy(id: CouponId, payerId: UserId): Promise<boolean>
  ofPurchase(ref: PurchaseRef): Promise<RedemptionOfCoupon | undefined>
  /** One code twice is a conflict. */
  save(tx: UnitOfWork, coupon: Coupon): void
  /** With the coupon that counts it; a second one of the payer is a conflict. */
  reserve(tx: UnitOfWork, redemption: Redemption, coupon: Coupon): void
  /** With the coupon where its count changes. */
  settle(tx: UnitOfWork, redemption: Redemption, status: RedemptionStatus, coupon?: Coupon): void
}

export interface InvoiceRepository {
  about(id: InvoiceSubject): Promise<Invoice | undefined>
  /** The next free place of a year. */
  next(year: number): Promise<Place>
  /** Another one that took the place, or is about the same, is a conflict. */
  issue(tx: UnitOfWork, invoice: Invoice): void
}

export interface InvoiceQueries {
  invoice(id: InvoiceId): Promise<Invoice | undefined>
  /** Newest first, after the given one, up to `limit`. */
  ofPayer(payerId: UserId, after: string | undefined, limit: number): Promise<readonly Invoice[]>
}

export interface PayoutAccountRepository {
  load(tutorId: UserId): Promise<PayoutAccount | undefined>
  /** Those whose earnings are to be looked at by then, longest due first. */
  due(at: Instant, limit: number): Promise<readonly UserId[]>
  save(tx: UnitOfWork, account: PayoutAccount): void
  remove(tx: UnitOfWork, account: PayoutAccount): void
}

export interface PayoutRepository {
  load(id: PayoutId): Promise<Payout | undefined>
  loadAll(ids: readonly PayoutId[]): Promise<readonly Payout[]>
  /** Scheduled before then and not sent; oldest first. */
  unsent(before: Instant, limit: number): Promise<readonly PayoutId[]>
  save(tx: UnitOfWork, payout: Payout): void
}

export interface EarningsQueries {
  /**
   * What a tutor has earned, in each currency of it.
   * @param heldSince money that was paid since then is on hold, as is what a bank disputes
   */
  of(tutorId: UserId, heldSince: Instant): Promise<readonly Earnings[]>
}

export interface PayoutQueries {
  /** Newest first, after the given one, up to `limit`; of one tutor or all, of one status or all. */
  list(
    of: { readonly tutorId?: UserId; readonly status?: PayoutStatus | undefined },
    after: string | undefined,
    limit: number,
  ): Promise<readonly PayoutView[]>
}

export interface Ledger {
  /** Once per reference; what is appended never changes. */
  append(tx: UnitOfWork, transaction: LedgerTransaction): void
}

/** A signed notice of the provider, as it came. */
export interface ProviderEvent {
  readonly provider: string
  readonly eventId: string
  readonly type: string
  readonly body: string
  /** The payment, refund, dispute or payout that it names. */
  readonly about: string | null
}

/** What a notice is about; null where it is none of the platform's payments or needs nothing. */
export type NoticeSubject =
  | { readonly kind: 'payment'; readonly paymentId: PaymentId }
  | { readonly kind: 'refund'; readonly refundId: RefundId }
  | { readonly kind: 'dispute'; readonly disputeId: DisputeId }
  | { readonly kind: 'payout'; readonly payoutId: PayoutId }
  | null

export interface ProviderNotice extends Pick<ProviderEvent, 'eventId' | 'type' | 'about'> {
  readonly subject: NoticeSubject
}

export interface Webhooks {
  /** Throws `ProviderUnknown`, or `WebhookRefused` unless the provider has just signed exactly this body. */
  read(webhook: {
    readonly provider: string
    readonly body: string
    readonly signature: string | undefined
    readonly receivedAt: Instant
  }): ProviderNotice
}

export interface ProviderEvents {
  has(provider: string, eventId: string): Promise<boolean>
  save(tx: UnitOfWork, event: ProviderEvent): void
  /** Those about payments of one payer, or payouts to them, whose bodies are still there. */
  countOf(payerId: UserId): Promise<number>
  /** Empties their bodies; one more or less since they were counted is a conflict. */
  blank(tx: UnitOfWork, payerId: UserId, notices: number): void
}

/** Notices that the provider repeats no more; their bodies say more of payers than anybody needs. */
export interface OldProviderEvents {
  purge(before: Instant): Promise<void>
}

export interface FinishedReconciliation {
  readonly id: ReconciliationId
  readonly since: Instant
  /** How many were compared. */
  readonly intents: number
  readonly refunds: number
  readonly disputes: number
  readonly payouts: number
  /** How many differed and are being synced. */
  readonly synced: number
  readonly findings: readonly Finding[]
}

export interface Reconciliations {
  /** What is older has been compared: where the window of the last one began, or before one the first payment of all. */
  comparedBefore(): Promise<Instant | undefined>
  start(tx: UnitOfWork, reconciliation: Pick<FinishedReconciliation, 'id' | 'since'>): void
  /** Also of one that nobody has started. */
  finish(tx: UnitOfWork, reconciliation: FinishedReconciliation): void
}

/** A payment as it stands in the table, its client secret included: the handler decides who sees it. */
export type PaymentRecord = Omit<PaymentView, 'clientSecret'> & { readonly clientSecret: string | null }

export interface PaymentQueries {
  payment(id: PaymentId): Promise<PaymentRecord | undefined>
  /** Newest first, after the given one, up to `limit`. */
  ofPayer(payerId: UserId, after: string | undefined, limit: number): Promise<readonly PaymentRecord[]>
  /** With its payer, who may see it. */
  refund(id: RefundId): Promise<{ readonly payerId: UserId; readonly refund: RefundView } | undefined>
  /** Newest first, of one status or all, after the given one, up to `limit`. */
  disputes(
    status: DisputeStatus | undefined,
    after: Pick<DisputeView, 'disputeId' | 'openedAt'> | undefined,
    limit: number,
  ): Promise<readonly DisputeView[]>
  /** Newest first, after the given `seq`, up to `limit`. */
  ledger(account: LedgerAccount, after: number | undefined, limit: number): Promise<readonly LedgerLine[]>
  /** Everything about one payer, client secrets left out. */
  copyOf(payerId: UserId): Promise<PersonalData>
  reconciliation(id: ReconciliationId): Promise<ReconciliationView | undefined>
}

export interface LedgerLine extends LedgerEntryView {
  readonly seq: number
}

export const PurchaseRepository = token<PurchaseRepository>('payment.PurchaseRepository')
export const PaymentRepository = token<PaymentRepository>('payment.PaymentRepository')
export const RefundRepository = token<RefundRepository>('payment.RefundRepository')
export const DisputeRepository = token<DisputeRepository>('payment.DisputeRepository')
export const PayoutAccounts = token<PayoutAccountRepository>('payment.PayoutAccounts')
export const Payouts = token<PayoutRepository>('payment.Payouts')
export const EarningsQueries = token<EarningsQueries>('payment.EarningsQueries')
export const PayoutQueries = token<PayoutQueries>('payment.PayoutQueries')
export const CouponRepository = token<CouponRepository>('payment.CouponRepository')
export const InvoiceRepository = token<InvoiceRepository>('payment.InvoiceRepository')
export const InvoiceQueries = token<InvoiceQueries>('payment.InvoiceQueries')
/** Who issues invoices: name, address and tax number, in lines. */
export const InvoiceIssuer = token<string>('payment.InvoiceIssuer')
/** By which sales are divided. */
export const SaleTerms = token<sale.SaleTerms>('payment.SaleTerms')
export const Ledger = token<Ledger>('payment.Ledger')
export const ProviderEvents = token<ProviderEvents>('payment.ProviderEvents')
export const OldProviderEvents = token<OldProviderEvents>('payment.OldProviderEvents')
export const Reconciliations = token<Reconciliations>('payment.Reconciliations')
export const Provider = token<PaymentProvider>('payment.Provider')
export const Webhooks = token<Webhooks>('payment.Webhooks')
export const PaymentQueries = token<PaymentQueries>('payment.PaymentQueries')
