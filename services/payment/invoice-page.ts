import { createHash } from 'node:crypto'
import { formatMoney } from '#domain/kernel/money.ts'
import { html, raw } from 'hono/html'
import type { InvoiceView } from './invoice-view.ts'

const STYLE = `
body { font: 1rem/1.5 system-ui, sans-serif; color: #222; max-width: 42rem; margin: 3rem auto; padding: 0 1.5rem }
address { white-space: pre-line; font-style: normal }
table { width: 100%; border-collapse: collapse; margin: 2rem 0 }
th, td { text-align: left; padding: .4rem 0; border-bottom: 1px solid #ccc }
th:last-child, td:last-child { text-align: right; font-variant-numeric: tabular-nums }
tfoot th, tfoot td { border-bottom: 3px double #666; font-weight: bold }
@media print { body { margin: 0 auto } }
`

/** What such a page may do: show its own style, and nothing else. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'`

const TITLES = { invoice: 'Invoice', credit_note: 'Credit note' } as const

const dayOf = (instant: string): string =>
  new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(instant))

/** For people, and for their printer. */
export const invoicePage = async ({
  number,
  kind,
  issuer,
  issuedAt,
  payerId,
  paymentId,
  lines,
  discount,
  total,
}: InvoiceView): Promise<string> => {
  const title = `${TITLES[kind]} ${number}`
  return html`<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${title}</title><style>${raw(STYLE)}</style></head>
  <body>
    <address>${issuer}</address>
    <h1>${title}</h1>
    <p><time datetime="${issuedAt}">${dayOf(issuedAt)}</time><br>Customer ${payerId}<br>Payment ${paymentId}</p>
    <table>
      <thead><tr><th>What</th><th>Amount</th></tr></thead>
      <tbody>${lines.map(({ description, money }) => html`<tr><td>${description}</td><td>${formatMoney(money)}</td></tr>`)}${discount ? html`<tr><td>Coupon ${discount.couponCode}</td><td>-${formatMoney(discount.money)}</td></tr>` : ''}</tbody>
      <tfoot><tr><th>Total</th><td>${formatMoney(total)}</td></tr></tfoot>
    </table>
  </body>
</html>`
}
