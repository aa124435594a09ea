import { expect, test } from 'vitest'
import { startSandbox } from '../testing/start-sandbox.ts'

const course = { amount: 4900, currency: 'eur' }

const paidIntent = async (payment_method = 'pm_card_visa') => {
  const started = await startSandbox()
  const { id } = await started.stripe.paymentIntents.create({ ...course, payment_method, confirm: true })
  return { ...started, id }
}

test('parts of a charge are refunded until nothing is left', async () => {
  const { stripe, control, id } = await paidIntent()
  const first = await stripe.refunds.create({ payment_intent: id, amount: 900, metadata: { refundId: 'ref_1' } })
  expect(first).toMatchObject({ status: 'succeeded', amount: 900, metadata: { refundId: 'ref_1' } })
  await expect(stripe.refunds.create({ payment_intent: id, amount: 4001 })).rejects.toMatchObject({
    statusCode: 400,
    param: 'amount',
    message: 'Refund amount (€40.01) is greater than unrefunded amount on charge (€40.00)',
  })
  const rest = await stripe.refunds.create({ payment_intent: id })
  expect(rest.amount).toBe(4000)
  await expect(stripe.refunds.create({ payment_intent: id })).rejects.toMatchObject({ code: 'charge_already_refunded' })

  expect((await stripe.refunds.list({ payment_intent: id })).data.map((refund) => refund.id)).toEqual([
    rest.id,
    first.id,
  ])
  expect(await stripe.refunds.retrieve(first.id)).toMatchObject({ amount: 900 })
  const { latest_charge } = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] })
  expect(latest_charge).toMatchObject({ amount_refunded: 4900, refunded: true })
  expect((await control.ledger()).totals).toEqual({ eur: { captured: 4900, refunded: 4900, net: 0 } })
})

test('parallel refunds never exceed what was captured', async () => {
  const { stripe, control, id } = await paidIntent()
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, () => stripe.refunds.create({ payment_intent: id, amount: 1000 })),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(4)
  expect((await control.ledger()).totals).toMatchObject({ eur: { net: 900 } })
})

test('an intent that was never paid has nothing to refund', async () => {
  const { stripe } = await startSandbox()
  const { id } = await stripe.paymentIntents.create(course)
  await expect(stripe.refunds.create({ payment_intent: id })).rejects.toMatchObject({
    statusCode: 400,
    message: `This PaymentIntent (${id}) does not have a successful charge to refund.`,
  })
})

test('a pending refund succeeds when the bank settles it', async () => {
  const { stripe, control, id } = await paidIntent('pm_card_pendingRefund')
  const refund = await stripe.refunds.create({ payment_intent: id })
  expect(refund.status).toBe('pending')
  await control.post(`/refunds/${refund.id}/settle`)
  expect((await stripe.refunds.retrieve(refund.id)).status).toBe('succeeded')
})

test('a refund that fails later gives its amount back to the charge', async () => {
  const { stripe, control, id } = await paidIntent('pm_card_refundFail')
  const refund = await stripe.refunds.create({ payment_intent: id })
  await control.post(`/refunds/${refund.id}/settle`)
  expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'failed' })
  expect((await control.ledger()).totals).toMatchObject({ eur: { refunded: 0, net: 4900 } })
  const types = (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type)
  expect(types).toEqual(
    expect.arrayContaining(['refund.created', 'charge.refunded', 'refund.updated', 'refund.failed']),
  )
})
