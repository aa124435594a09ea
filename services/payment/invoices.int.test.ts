import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY } from '#domain/kernel/clock.ts'
import { extractText, getDocumentProxy, getMeta } from 'unpdf'
import { z } from 'zod'
import { Payments } from '#bus/patterns/payment.ts'
import { InvoiceView } from './invoice-view.ts'
import { expectInvariants } from './testing/invariants.ts'
import { createJourney, eventually, newWish, payerOf, PRICE, type Wish } from './testing/journey.ts'
import { type PaymentService, startPaymentService } from './testing/payment-service.ts'

let service: PaymentService
let journey: ReturnType<typeof createJourney>

beforeAll(async () => {
  service = await startPaymentService()
  journey = createJourney(service)
})
afterAll(() => service.stop())

const Page = z.object({ items: z.array(InvoiceView) })
const invoicesOf = async (wish: Wish) =>
  Page.parse((await journey.call('GET', '/v1/invoices', payerOf(wish))).body).items
const untilInvoices = (wish: Wish, count: number) =>
  eventually(async () => {
    const items = await invoicesOf(wish)
    expect(items).toHaveLength(count)
    return items
  })

const places = async () =>
  z
    .array(z.object({ year: z.int(), place: z.int() }))
    .parse([...(await service.sql`select year, place from payment.invoices order by year, place`)])

test('what was paid has an invoice, as JSON and as a page, for its payer alone', async () => {
  const wish = { ...newWish(), title: 'Linear algebra' }
  const { paymentId } = await journey.paid(wish)
  const [invoice] = await untilInvoices(wish, 1)
  expect(invoice).toMatchObject({
    kind: 'invoice',
    paymentId,
    total: PRICE,
    tax: { percent: 19, money: { ...PRICE, amount: 782 } },
    lines: [{ description: 'Linear algebra' }],
  })
  const path = `/v1/invoices/${invoice?.invoiceId}`
  expect((await journey.call('GET', path, payerOf(wish))).body).toEqual(invoice)
  expect(await journey.call('GET', path, payerOf(newWish()))).toMatchObject({
    status: 404,
    body: { code: 'INVOICE_NOT_FOUND' },
  })
  const page = await service.http.app.request(path, { headers: { 'x-actor': payerOf(wish), accept: 'text/html' } })
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const text = await page.text()
  for (const shown of [
    `Invoice ${invoice?.number}`,
    '49.00 EUR',
    'Tax included, 19 %',
    '7.82 EUR',
    'Education Platform',
    wish.payerId,
  ])
    expect(text).toContain(shown)
})

const pdfOf = async (wish: Wish, invoiceId: string | undefined) => {
  const headers = { 'x-actor': payerOf(wish), accept: 'application/pdf' }
  const answer = await service.http.app.request(`/v1/invoices/${invoiceId}`, { headers })
  return { headers: answer.headers, bytes: new Uint8Array(await answer.arrayBuffer()) }
}

test('what was paid has an invoice as a PDF, the same one again, in the letters of its course', async () => {
  const title = 'Algèbre linéaire, Łódź, Математика, Ελληνικά'
  const wish = { ...newWish(), title }
  await journey.paid(wish)
  const [invoice] = await untilInvoices(wish, 1)
  const { headers, bytes } = await pdfOf(wish, invoice?.invoiceId)
  expect(headers.get('content-type')).toBe('application/pdf')
  expect(headers.get('content-disposition')).toBe(`inline; filename="invoice-${invoice?.number}.pdf"`)
  // Parsing takes the bytes away.
  const document = await getDocumentProxy(bytes.slice())
  const { totalPages, text } = await extractText(document, { mergePages: true })
  expect(totalPages).toBe(1)
  for (const shown of [
    `Invoice ${invoice?.number}`,
    title,
    '49.00 EUR',
    'Tax included, 19 %',
    '7.82 EUR',
    wish.payerId,
  ])
    expect(text).toContain(shown)
  expect((await getMeta(document)).info).toMatchObject({ Title: `Invoice ${invoice?.number}` })
  expect((await pdfOf(wish, invoice?.invoiceId)).bytes).toEqual(bytes)
})

test('what goes back has a credit note that names its invoice', async () => {
  const wish = newWish()
  const { paymentId } = await journey.paid(wish)
  const [invoice] = await untilInvoices(wish, 1)
  const money = { ...PRICE, amount: 900 }
  const { refundId } = await journey.refund(paymentId, 'paid_late', 'credited-1', money)
  const [note] = await untilInvoices(wish, 2)
  expect(note).toMatchObject({ kind: 'credit_note', refundId, corrects: invoice?.invoiceId, total: money })
  expect(note?.lines).toEqual([{ description: `Refund of ${invoice?.number}`, money }])
  expect(note?.tax).toEqual({ percent: 19, money: { ...PRICE, amount: 143 } })

  await journey.refund(paymentId, 'paid_late', 'credited-2')
  const [rest] = await untilInvoices(wish, 3)
  expect(rest?.tax?.money.amount).toBe(782 - 143)
})

test('what a bank takes for good has a credit note, and what it gives back has none', async () => {
  const [lost, won] = [newWish(), newWish()]
  const ends = [
    [lost, 'losing_evidence'],
    [won, 'winning_evidence'],
  ] as const
  for (const [wish, evidence] of ends) {
    const { paymentId } = await journey.paid(wish, 'pm_card_createDispute')
    const [dispute] = await eventually(async () => {
      const { data } = await service.stripe.disputes.list({ limit: 1 })
      expect(journey.typesOf(data[0]?.id ?? '')).toContain(Payments.DisputeOpened.type)
      return data
    })
    await service.stripe.disputes.update(dispute?.id ?? '', { evidence: { uncategorized_text: evidence } })
    await eventually(() => expect(journey.typesOf(dispute?.id ?? '')).toContain(Payments.DisputeClosed.type))
    expect(await journey.statusOf(paymentId)).toBe('COMPLETED')
  }
  const [note, invoice] = await untilInvoices(lost, 2)
  expect(note).toMatchObject({ kind: 'credit_note', corrects: invoice?.invoiceId, total: PRICE, tax: invoice?.tax })
  expect(note?.disputeId).toMatch(/^dp_/)
  expect(note?.lines[0]?.description).toBe(`Charge-back of ${invoice?.number}`)
  expect(await invoicesOf(won)).toHaveLength(1)
})

test('numbers have no gaps, however many are paid at once and however often that is told', async () => {
  const wishes = Array.from({ length: 12 }, () => newWish())
  const paid = await Promise.all(wishes.map((wish) => journey.paid(wish)))
  for (const [n, { paymentId }] of paid.entries()) {
    const told = journey.eventsOf(paymentId).find(({ type }) => type === Payments.PaymentCompleted.type)
    if (told && n % 2 === 0) await service.repeat(told)
  }
  for (const wish of wishes) await untilInvoices(wish, 1)
  const given = await places()
  expect(given.map(({ place }) => place)).toEqual(given.map((_, n) => n + 1))
})

test('a new year begins at one', async () => {
  service.clock.advance(366 * DAY)
  const wish = newWish()
  await journey.paid(wish)
  const [invoice] = await untilInvoices(wish, 1)
  expect(invoice?.number).toMatch(/^\d{4}-000001$/)
  expect(new Set((await places()).map(({ year }) => year)).size).toBe(2)
})

test.each([
  ['a change', 'update payment.invoices set amount = amount + 1'],
  ['a removal', 'delete from payment.invoices'],
])('%s is refused, even to the owner', async (_, statement) => {
  await expect(service.sql.unsafe(statement)).rejects.toThrow('append-only')
})

test('in the end every charge is one payment, and the book balances', () => expectInvariants(service))
