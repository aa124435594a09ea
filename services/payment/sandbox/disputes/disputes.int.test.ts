import { expect, test } from 'vitest'
import { startSandbox } from '../testing/start-sandbox.ts'

const course = { amount: 4900, currency: 'eur', metadata: { paymentId: 'pay_1' } }

const paid = async (payment_method = 'pm_card_visa') => {
  const started = await startSandbox()
  const { id } = await started.stripe.paymentIntents.create({ ...course, payment_method, confirm: true })
  return { ...started, id }
}

test('a card that is made for it disputes its charge as soon as it is paid', async () => {
  const { stripe, control, id } = await paid('pm_card_createDispute')
  const { data } = await stripe.disputes.list({ payment_intent: id, expand: ['data.payment_intent'] })
  expect(data).toMatchObject([
    { amount: 4900, reason: 'fraudulent', status: 'needs_response', payment_intent: { metadata: course.metadata } },
  ])
  expect((await control.ledger()).totals).toMatchObject({ eur: { captured: 4900, net: 0 } })
  const types = (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type)
  expect(types).toEqual(expect.arrayContaining(['charge.dispute.created', 'charge.dispute.funds_withdrawn']))
})

test('what a bank holds cannot be refunded, and can once the dispute is won', async () => {
  const { stripe, control, id } = await paid()
  await control.post(`/payment_intents/${id}/dispute`)
  const [dispute] = (await stripe.disputes.list()).data
  await expect(stripe.refunds.create({ payment_intent: id })).rejects.toMatchObject({ code: 'charge_disputed' })
  await stripe.disputes.update(dispute?.id ?? '', { evidence: { uncategorized_text: 'winning_evidence' } })
  expect(await stripe.disputes.retrieve(dispute?.id ?? '')).toMatchObject({ status: 'won' })
  expect((await control.ledger()).totals).toMatchObject({ eur: { net: 4900 } })
  expect(await stripe.refunds.create({ payment_intent: id })).toMatchObject({ amount: 4900 })
})

test('who gives in has lost, and nothing is left to dispute', async () => {
  const { stripe, control, id } = await paid()
  await control.post(`/payment_intents/${id}/dispute`)
  const [dispute] = (await stripe.disputes.list()).data
  expect(await stripe.disputes.close(dispute?.id ?? '')).toMatchObject({ status: 'lost' })
  await expect(stripe.disputes.close(dispute?.id ?? '')).rejects.toMatchObject({ statusCode: 400 })
  expect((await control.post(`/payment_intents/${id}/dispute`)).status).toBe(400)
  expect((await control.ledger()).totals).toMatchObject({ eur: { net: 0 } })
})

test('only what was not given back is disputed', async () => {
  const { stripe, control, id } = await paid()
  await stripe.refunds.create({ payment_intent: id, amount: 900 })
  await control.post(`/payment_intents/${id}/dispute`)
  expect((await stripe.disputes.list()).data).toMatchObject([{ amount: 4000 }])
})

test('an inquiry takes no money', async () => {
  const { stripe, control, id } = await paid('pm_card_createDisputeInquiry')
  expect((await stripe.disputes.list()).data).toMatchObject([{ status: 'warning_needs_response' }])
  expect((await control.ledger()).totals).toMatchObject({ eur: { net: 4900 } })
  expect(await stripe.refunds.create({ payment_intent: id })).toMatchObject({ amount: 4900 })
})
