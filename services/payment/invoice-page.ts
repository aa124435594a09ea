import { formatMoney } from '#domain/kernel/money.ts'
import { dayOf, printedPage } from '#services/kit/http/printed-page.ts'
import type { RawAnswer } from '#services/kit/http/raw-route.ts'
import { html } from 'hono/html'
import { invoiceTitle, type InvoiceView } from './invoice-view.ts'

const STYLE = `
body { font: 1rem/1.5 system-ui, sans-serif; color: #222; max-width: 42rem; margin: 3rem auto; padding: 0 1.5rem }
address { white-space: pre-line; font-style: normal }
table { width: 100%; border-collapse: collapse; margin: 2rem 0 }
th, td { text-align: left; padding: .4rem 0; border-bottom: 1px solid #ccc }
th:last-child, td:last-child { text-align: right; font-variant-numeric: tabular-nums }
tfoot th, tfoot td { border-bottom: 3px double #666; font-weight: bold }
@media print { body { margin: 0 auto } }
`

const printed = printedPage(STYLE)

/** For people, and for their printer. */
export const invoicePage = (invoice: InvoiceView): Promise<RawAnswer> => {
  const { issuer, issuedAt, payerId, paymentId, lines, discount, total, tax } = invoice
  const title = invoiceTitle(invoice)
  return printed(
    title,
    html`
    <address>${issuer}</address>
    <h1>${title}</h1>
    <p><time datetime="${issuedAt}">${dayOf(issuedAt)}</time><br>Customer ${payerId}<br>Payment ${paymentId}</p>
    <table>
      <thead><tr><th>What</th><th>Amount</th></tr></thead>
      <tbody>${lines.map(({ description, money }) => html`<tr><td>${description}</td><td>${formatMoney(money)}</td></tr>`)}${discount ? html`<tr><td>Coupon ${discount.couponCode}</td><td>-${formatMoney(discount.money)}</td></tr>` : ''}</tbody>
      <tfoot><tr><th>Total</th><td>${formatMoney(total)}</td></tr>${tax ? html`<tr><td>Tax included, ${tax.percent} %</td><td>${formatMoney(tax.money)}</td></tr>` : ''}</tfoot>
    </table>
`,
  )
}
