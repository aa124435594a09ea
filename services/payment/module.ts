import { bind, bindValue } from '#services/kit/module.ts'
import { Clock, Database } from '#services/kit/ports.ts'
import type { PaymentConfig } from './config.ts'
import { createPostgresInvoiceQueries, createPostgresInvoices } from './infrastructure/postgres/invoices.ts'
import { createPostgresCoupons } from './infrastructure/postgres/coupons.ts'
import { createPostgresDisputes } from './infrastructure/postgres/disputes.ts'
import { postgresLedger } from './infrastructure/postgres/ledger.ts'
import { createPostgresPaymentQueries } from './infrastructure/postgres/payment-queries.ts'
import { createPostgresPayments } from './infrastructure/postgres/payments.ts'
import {
  createPostgresOldProviderEvents,
  createPostgresProviderEvents,
} from './infrastructure/postgres/provider-events.ts'
import { createPostgresEarnings } from './infrastructure/postgres/earnings.ts'
import { createPostgresPayoutQueries } from './infrastructure/postgres/payout-queries.ts'
import { createPostgresPayoutAccounts } from './infrastructure/postgres/payout-accounts.ts'
import { createPostgresPayouts } from './infrastructure/postgres/payouts.ts'
import { createPostgresPurchases } from './infrastructure/postgres/purchases.ts'
import { createPostgresReconciliations } from './infrastructure/postgres/reconciliations.ts'
import { createPostgresRefunds } from './infrastructure/postgres/refunds.ts'
import { createStripeClient } from './infrastructure/stripe/client.ts'
import { createStripeProvider } from './infrastructure/stripe/provider.ts'
import { createStripeWebhooks } from './infrastructure/stripe/webhooks.ts'
import * as ports from './ports.ts'
import { withFailpoints } from './provider-failpoints.ts'

const database = { database: Database }

export const paymentModule = ({ stripe, sale, invoiceIssuer }: PaymentConfig) => {
  const client = createStripeClient(stripe)
  return [
    bind(ports.PurchaseRepository, database, (given) => createPostgresPurchases(given.database)),
    bind(ports.PaymentRepository, database, (given) => createPostgresPayments(given.database)),
    bind(ports.RefundRepository, database, (given) => createPostgresRefunds(given.database)),
    bind(ports.CouponRepository, database, (given) => createPostgresCoupons(given.database)),
    bind(ports.InvoiceRepository, database, (given) => createPostgresInvoices(given.database)),
    bind(ports.InvoiceQueries, database, (given) => createPostgresInvoiceQueries(given.database)),
    bindValue(ports.SaleTerms, sale),
    bindValue(ports.InvoiceIssuer, invoiceIssuer),
    bind(ports.PayoutAccounts, database, (given) => createPostgresPayoutAccounts(given.database)),
    bind(ports.Payouts, database, (given) => createPostgresPayouts(given.database)),
    bind(ports.EarningsQueries, database, (given) => createPostgresEarnings(given.database)),
    bind(ports.PayoutQueries, database, (given) => createPostgresPayoutQueries(given.database)),
    bind(ports.DisputeRepository, database, (given) => createPostgresDisputes(given.database)),
    bind(ports.ProviderEvents, database, (given) => createPostgresProviderEvents(given.database)),
    bind(ports.OldProviderEvents, database, (given) => createPostgresOldProviderEvents(given.database)),
    bind(ports.PaymentQueries, database, (given) => createPostgresPaymentQueries(given.database)),
    bindValue(ports.Ledger, postgresLedger),
    bind(ports.Reconciliations, database, (given) => createPostgresReconciliations(given.database)),
    bind(ports.Provider, { clock: Clock }, ({ clock }) => withFailpoints(createStripeProvider(client, clock))),
    bindValue(ports.Webhooks, createStripeWebhooks(client, stripe.webhookSecret)),
  ]
}
