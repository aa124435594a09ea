import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { filterHash, InvalidCursor } from '#services/kit/http/cursor.ts'
import { cutPage, PageQuery, pageOf } from '#services/kit/http/page.ts'
import { route } from '#services/kit/http/route.ts'
import { Cursors } from '#services/kit/ports.ts'
import { signedIn } from '../access.ts'
import { InvoiceView, presentInvoice } from '../invoice-view.ts'
import { InvoiceIssuer, InvoiceQueries } from '../ports.ts'

export const ListInvoices = query('payment.list_invoices', {
  input: PageQuery,
  output: pageOf(InvoiceView),
  errors: [InvalidCursor],
  scope: 'payments:read',
})

const deps = { invoices: InvoiceQueries, issuer: InvoiceIssuer, cursors: Cursors }

export const listInvoices = queryHandler(
  ListInvoices,
  deps,
  async ({ input: { cursor, limit }, actor }, { invoices, issuer, cursors }) => {
    const { userId } = signedIn(actor)
    const hash = filterHash({ invoicesOf: userId })
    const after = cursor === undefined ? undefined : cursors.decode(cursor, hash).id
    const rows = await invoices.ofPayer(userId, after, limit + 1)
    const cursorAfter = ({ invoiceId: id }: InvoiceView) => cursors.encode({ sort: null, id, filterHash: hash })
    return cutPage(
      rows.map((row) => presentInvoice(row, issuer)),
      limit,
      cursorAfter,
    )
  },
)

export const listInvoicesRoute = route(ListInvoices, {
  method: 'get',
  path: '/v1/invoices',
  tag: 'Invoices',
  summary: 'List your invoices and credit notes',
  description: 'Newest first. A payment has its invoice soon after it is completed, a refund its credit note.',
})
