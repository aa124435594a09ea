import { Payments } from '#bus/patterns/payment.ts'
import { busOperations } from '#services/kit/operations/bus.ts'
import { deadLetterOperations } from '#services/kit/operations/dead-letters.ts'
import { defineService } from '#services/kit/service.ts'
import { cancelPayment as cancelOwnPayment, cancelPaymentRoute } from './commands/cancel-payment.ts'
import { createCoupon, createCouponRoute } from './commands/create-coupon.ts'
import { ingestProviderEvent } from './commands/ingest-provider-event.ts'
import { quotePurchase, quotePurchaseRoute } from './commands/quote-purchase.ts'
import { requestRefund, requestRefundRoute } from './commands/request-refund.ts'
import { setPayoutAccount, setPayoutAccountRoute } from './commands/set-payout-account.ts'
import { startReconciliation, startReconciliationRoute } from './commands/start-reconciliation.ts'
import { updateCoupon, updateCouponRoute } from './commands/update-coupon.ts'
import { PaymentConfig } from './config.ts'
import { creditChargeBack, creditRefund } from './events/issue-credit-note.ts'
import { issueInvoice } from './events/issue-invoice.ts'
import { releaseRedemption, useRedemption } from './events/settle-redemption.ts'
import { paymentTables } from './infrastructure/postgres/tables.ts'
import { purgeProviderEvents } from './jobs/purge-provider-events.ts'
import { schedulePayoutsJob } from './jobs/schedule-payouts.ts'
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
import { schedulePayouts } from './messages/schedule-payouts.ts'
import { sendPayout } from './messages/send-payout.ts'
import { syncIntent } from './messages/sync-intent.ts'
import { syncPayout } from './messages/sync-payout.ts'
import { syncRefund } from './messages/sync-refund.ts'
import { verifyPayment } from './messages/verify-payment.ts'
import { paymentModule } from './module.ts'
import { getCoupon, getCouponRoute } from './queries/get-coupon.ts'
import { getMyEarnings, getMyEarningsRoute } from './queries/get-my-earnings.ts'
import { getInvoiceRoute } from './queries/get-invoice.ts'
import { getPayment, getPaymentRoute } from './queries/get-payment.ts'
import { getReconciliation, getReconciliationRoute } from './queries/get-reconciliation.ts'
import { getRefund, getRefundRoute } from './queries/get-refund.ts'
import { listDisputes, listDisputesRoute } from './queries/list-disputes.ts'
import { listInvoices, listInvoicesRoute } from './queries/list-invoices.ts'
import { listLedgerEntries, listLedgerEntriesRoute } from './queries/list-ledger-entries.ts'
import { listMyPayouts, listMyPayoutsRoute, listPayouts, listPayoutsRoute } from './queries/list-payouts.ts'
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
    setPayoutAccount,
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
    getMyEarnings,
    listMyPayouts,
    listPayouts,
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
    schedulePayouts,
    sendPayout,
    syncPayout,
    reconcile,
  ],
  events: {
    'invoice.payment_completed': issueInvoice,
    'invoice.refund_processed': creditRefund,
    'invoice.dispute_closed': creditChargeBack,
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
    getMyEarningsRoute,
    setPayoutAccountRoute,
    listMyPayoutsRoute,
    listPayoutsRoute,
    startReconciliationRoute,
    getReconciliationRoute,
    receiveWebhookRoute,
    ...deadLetters.routes,
    ...bus.routes,
  ],
  jobs: [reconcileJob, schedulePayoutsJob, purgeProviderEvents],
  module: paymentModule,
})
