import { Payments } from '#bus/patterns/payment.ts'
import { busOperations } from '#services/kit/operations/bus.ts'
import { deadLetterOperations } from '#services/kit/operations/dead-letters.ts'
import { defineService } from '#services/kit/service.ts'
import { cancelPayment as cancelOwnPayment, cancelPaymentRoute } from './commands/cancel-payment.ts'
import { createCoupon, createCouponRoute } from './commands/create-coupon.ts'
import { ingestProviderEvent } from './commands/ingest-provider-event.ts'
import { quotePurchase, quotePurchaseRoute } from './commands/quote-purchase.ts'
import { requestRefund, requestRefundRoute } from './commands/request-refund.ts'
import { startReconciliation, startReconciliationRoute } from './commands/start-reconciliation.ts'
import { updateCoupon, updateCouponRoute } from './commands/update-coupon.ts'
import { PaymentConfig } from './config.ts'
import { issueCreditNote } from './events/issue-credit-note.ts'
import { issueInvoice } from './events/issue-invoice.ts'
import { releaseRedemption, useRedemption } from './events/settle-redemption.ts'
import { paymentTables } from './infrastructure/postgres/tables.ts'
import { purgeProviderEvents } from './jobs/purge-provider-events.ts'
import { reconcileJob } from './jobs/reconcile.ts'
import { cancelIntent } from './messages/cancel-intent.ts'
import { cancelPayment } from './messages/cancel-payment.ts'
import { createIntent } from './messages/create-intent.ts'
import { createRefund } from './messages/create-refund.ts'
import { eraseUser } from './messages/erase-user.ts'
import { exportUser } from './messages/export-user.ts'
import { getPaymentStatus } from './messages/get-payment-status.ts'
import { processPayment } from './messages/process-payment.ts'
import { syncDispute } from './messages/sync-dispute.ts'
import { reconcile } from './messages/reconcile.ts'
import { refundPayment } from './messages/refund-payment.ts'
import { syncIntent } from './messages/sync-intent.ts'
import { syncRefund } from './messages/sync-refund.ts'
import { verifyPayment } from './messages/verify-payment.ts'
import { paymentModule } from './module.ts'
import { getCoupon, getCouponRoute } from './queries/get-coupon.ts'
import { getInvoiceRoute } from './queries/get-invoice.ts'
import { getPayment, getPaymentRoute } from './queries/get-payment.ts'
import { getReconciliation, getReconciliationRoute } from './queries/get-reconciliation.ts'
import { getRefund, getRefundRoute } from './queries/get-refund.ts'
import { listDisputes, listDisputesRoute } from './queries/list-disputes.ts'
import { listInvoices, listInvoicesRoute } from './queries/list-invoices.ts'
import { listLedgerEntries, listLedgerEntriesRoute } from './queries/list-ledger-entries.ts'
import { listPayments, listPaymentsRoute } from './queries/list-payments.ts'
import { receiveWebhookRoute } from './receive-webhook.ts'

const deadLetters = deadLetterOperations('payment')
const bus = busOperations('payment')

export const payment = defineService({
  name: 'payment',
  title: 'Payment',
  patterns: Payments,
  config: PaymentConfig,
  tables: paymentTables,
  commands: [
    cancelOwnPayment,
    requestRefund,
    startReconciliation,
    ingestProviderEvent,
    createCoupon,
    updateCoupon,
    quotePurchase,
    ...deadLetters.commands,
  ],
  queries: [
    getPayment,
    listPayments,
    getRefund,
    listDisputes,
    getCoupon,
    listInvoices,
    listLedgerEntries,
    getReconciliation,
    ...deadLetters.queries,
    ...bus.queries,
  ],
  messages: [
    processPayment,
    cancelPayment,
    refundPayment,
    getPaymentStatus,
    verifyPayment,
    eraseUser,
    exportUser,
    createIntent,
    cancelIntent,
    syncIntent,
    createRefund,
    syncRefund,
    syncDispute,
    reconcile,
  ],
  events: {
    'invoice.payment_completed': issueInvoice,
    'invoice.refund_processed': issueCreditNote,
    'coupon.payment_completed': useRedemption,
    'coupon.payment_failed': releaseRedemption,
  },
  local: [],
  sagas: [],
  routes: [
    getPaymentRoute,
    listPaymentsRoute,
    cancelPaymentRoute,
    requestRefundRoute,
    getRefundRoute,
    listDisputesRoute,
    quotePurchaseRoute,
    createCouponRoute,
    getCouponRoute,
    updateCouponRoute,
    listInvoicesRoute,
    getInvoiceRoute,
    listLedgerEntriesRoute,
    startReconciliationRoute,
    getReconciliationRoute,
    receiveWebhookRoute,
    ...deadLetters.routes,
    ...bus.routes,
  ],
  jobs: [reconcileJob, purgeProviderEvents],
  module: paymentModule,
})
