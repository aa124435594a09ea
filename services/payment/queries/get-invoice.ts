import { InvoiceId } from '#domain/kernel/ids.ts'
import { InvoiceNotFound } from '#domain/payment/errors.ts'
import { wantsHtml, wantsPdf } from '#services/kit/http/accept.ts'
import { jsonSchemaOf } from '#services/kit/http/json-schema.ts'
import { rawRoute } from '#services/kit/http/raw-route.ts'
import { maySee } from '../access.ts'
import { invoicePage } from '../invoice-page.ts'
import { invoicePdf } from '../invoice-pdf.ts'
import { InvoiceView, presentInvoice } from '../invoice-view.ts'
import { InvoiceIssuer, InvoiceQueries } from '../ports.ts'

export const getInvoiceRoute = rawRoute({
  method: 'get',
  path: '/v1/invoices/{invoiceId}',
  operationId: 'getInvoice',
  tag: 'Invoices',
  summary: 'Get an invoice or a credit note',
  description:
    'As JSON; a browser, which asks for text/html, is shown a page that can be printed, and who asks for application/pdf gets a PDF.',
  scope: 'payments:read',
  errors: [InvoiceNotFound],
  responses: {
    200: {
      description: 'The document, which never changes.',
      mediaType: 'application/json',
      schema: jsonSchemaOf(InvoiceView, 'output', 'get_invoice'),
    },
  },
  dependencies: { invoices: InvoiceQueries, issuer: InvoiceIssuer },
  handle: async (request, { invoices, issuer }) => {
    const asked = InvoiceId.safeParse(request.param('invoiceId'))
    const found = asked.success ? await invoices.invoice(asked.data) : undefined
    if (!found || !maySee(request.actor, found.payerId)) throw InvoiceNotFound()
    const view = presentInvoice(found, issuer)
    if (wantsPdf(request.header('accept'))) return invoicePdf(view)
    if (wantsHtml(request.header('accept'))) return invoicePage(view)
    return { type: 'application/json', headers: { vary: 'Accept' }, body: JSON.stringify(view) }
  },
})
