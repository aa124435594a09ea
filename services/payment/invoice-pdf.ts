import { readFile } from 'node:fs/promises'
import { formatMoney } from '#domain/kernel/money.ts'
import { dayOf } from '#services/kit/http/printed-page.ts'
import type { RawAnswer } from '#services/kit/http/raw-route.ts'
import { invoiceTitle, type InvoiceView } from './invoice-view.ts'

/** Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian and Georgian; only the letters that are used go into a document. */
const FONT = new URL('./fonts/DejaVuSans.ttf', import.meta.url)

/** Points, 72 to an inch. */
const MARGIN = 56
const SIZES = { title: 18, text: 10 } as const
/** Of the column of amounts. */
const AMOUNT_WIDTH = 110
const ROW_GAP = 8

interface Row {
  readonly what: string
  readonly amount: string
  /** The line under the row: thin under what was sold, thick under the total. */
  readonly rule?: number
}

const rowsOf = ({ lines, discount, total, tax }: InvoiceView): Row[] => [
  { what: 'What', amount: 'Amount', rule: 1 },
  ...lines.map(({ description, money }) => ({ what: description, amount: formatMoney(money), rule: 0.5 })),
  ...(discount
    ? [{ what: `Coupon ${discount.couponCode}`, amount: `-${formatMoney(discount.money)}`, rule: 0.5 }]
    : []),
  { what: 'Total', amount: formatMoney(total), rule: 1.5 },
  ...(tax ? [{ what: `Tax included, ${tax.percent} %`, amount: formatMoney(tax.money) }] : []),
]

/** Loaded with the first document: a service that makes none does not pay for it. */
const load = async () => {
  const [{ default: PdfDocument }, font] = await Promise.all([import('pdfkit'), readFile(FONT)])
  return { PdfDocument, font }
}
let loading: ReturnType<typeof load> | undefined
const loadOnce = (): ReturnType<typeof load> => {
  if (loading) return loading
  loading = load()
  // What could not be read may be there the next time.
  loading.catch(() => (loading = undefined))
  return loading
}

/** For people, and for whoever keeps their books: the same document, byte by byte, whenever it is asked for. */
export const invoicePdf = async (invoice: InvoiceView): Promise<RawAnswer> => {
  const { PdfDocument, font } = await loadOnce()
  const { issuer, issuedAt, payerId, paymentId, number } = invoice
  const title = invoiceTitle(invoice)
  const document = new PdfDocument({
    size: 'A4',
    margin: MARGIN,
    lang: 'en',
    displayTitle: true,
    info: { Title: title, CreationDate: new Date(issuedAt) },
    // No font of its own: its files are not with a bundle.
    font: '',
  })
  document.font(font)
  const chunks: Uint8Array<ArrayBuffer>[] = []
  const written = new Promise<void>((resolve, reject) => {
    document.on('data', (chunk: Uint8Array<ArrayBuffer>) => chunks.push(chunk))
    document.on('end', resolve)
    document.on('error', reject)
  })

  const width = document.page.width - 2 * MARGIN
  document.fontSize(SIZES.text).text(issuer).moveDown(2)
  document.fontSize(SIZES.title).text(title).moveDown(0.5)
  document.fontSize(SIZES.text).text(dayOf(issuedAt)).text(`Customer ${payerId}`).text(`Payment ${paymentId}`)
  document.moveDown(2)
  for (const { what, amount, rule } of rowsOf(invoice)) {
    const height = document.heightOfString(what, { width: width - AMOUNT_WIDTH })
    if (document.y + height + ROW_GAP > document.page.maxY()) document.addPage()
    const top = document.y
    document.text(amount, MARGIN + width - AMOUNT_WIDTH, top, { width: AMOUNT_WIDTH, align: 'right' })
    document.text(what, MARGIN, top, { width: width - AMOUNT_WIDTH })
    document.y = top + height + ROW_GAP / 2
    if (rule !== undefined)
      document
        .moveTo(MARGIN, document.y)
        .lineTo(MARGIN + width, document.y)
        .lineWidth(rule)
        .stroke()
    document.y += ROW_GAP / 2
  }
  document.end()
  await written
  return {
    type: 'application/pdf',
    headers: { vary: 'Accept', 'content-disposition': `inline; filename="${invoice.kind}-${number}.pdf"` },
    body: Buffer.concat(chunks),
  }
}
