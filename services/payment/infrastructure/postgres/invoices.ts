import { and, desc, eq, lt, type InferSelectModel, sql } from 'drizzle-orm'
import type { Invoice } from '#domain/payment/invoice.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { InvoiceQueries, InvoiceRepository } from '../../ports.ts'
import { invoiceSeries, invoices } from './schema.ts'

const value = sql.placeholder

const beginSeries = prepareWrite(
  'invoice series',
  sql`insert into ${invoiceSeries} (year, last) values (${value('year')}, 1) on conflict do nothing`,
)

const moveSeries = prepareWrite(
  'invoice series',
  sql`update ${invoiceSeries} set last = ${value('place')} where year = ${value('year')} and last = ${value('place')}::int - 1`,
)

const insert = prepareWrite(
  'invoice',
  sql`insert into ${invoices} (id, kind, year, place, about, payment_id, payer_id, purchase, corrects, lines, discount, amount,
      tax, currency, issued_at)
    values (${value('id')}, ${value('kind')}, ${value('year')}, ${value('place')}, ${value('about')},
      ${value('paymentId')}, ${value('payerId')}, ${value('purchase')}::text::jsonb, ${value('corrects')},
      ${value('lines')}::text::jsonb, ${value('discount')}::text::jsonb, ${value('amount')},
      ${value('tax')}::text::jsonb, ${value('currency')}, ${value('issuedAt')})
    on conflict do nothing`,
)

const invoiceOf = ({
  amount,
  currency,
  corrects,
  discount,
  tax,
  ...rest
}: InferSelectModel<typeof invoices>): Invoice => ({
  ...rest,
  corrects: corrects ?? undefined,
  discount: discount ?? undefined,
  total: { amount, currency },
  tax: tax ?? undefined,
})

export const createPostgresInvoices = ({ drizzle: db }: Database): InvoiceRepository => {
  const about = db
    .select()
    .from(invoices)
    .where(eq(invoices.about, value('about')))
    .prepare('invoice_about')
  const last = db
    .select({ last: invoiceSeries.last })
    .from(invoiceSeries)
    .where(eq(invoiceSeries.year, value('year')))
    .prepare('invoice_last')
  return {
    about: async (id) => (await about.execute({ about: id })).map(invoiceOf)[0],
    next: async (year) => ({ year, place: ((await last.execute({ year }))[0]?.last ?? 0) + 1 }),
    issue: (tx, { total, corrects = null, discount, tax, ...invoice }) => {
      const { year, place, purchase, lines } = invoice
      const unit = postgresOf(tx)
      unit.write(place === 1 ? beginSeries : moveSeries, { year, place })
      const json = {
        purchase: JSON.stringify(purchase),
        lines: JSON.stringify(lines),
        discount: discount ? JSON.stringify(discount) : null,
        tax: tax ? JSON.stringify(tax) : null,
      }
      unit.write(insert, { ...invoice, ...total, corrects, ...json })
    },
  }
}

export const createPostgresInvoiceQueries = ({ drizzle: db }: Database): InvoiceQueries => {
  const byId = db
    .select()
    .from(invoices)
    .where(eq(invoices.id, value('id')))
    .prepare('invoice_by_id')
  return {
    invoice: async (id) => (await byId.execute({ id })).map(invoiceOf)[0],
    ofPayer: async (payerId, after, limit) => {
      const older = after === undefined ? undefined : lt(invoices.id, sql`${after}`)
      const rows = await db
        .select()
        .from(invoices)
        .where(and(eq(invoices.payerId, payerId), older))
        .orderBy(desc(invoices.id))
        .limit(limit)
      return rows.map(invoiceOf)
    },
  }
}
