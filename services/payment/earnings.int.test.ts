import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '#domain/kernel/clock.ts'
import type { PayoutId, UserId } from '#domain/kernel/ids.ts'
import { z } from 'zod'
import { Payments } from '#bus/patterns/payment.ts'
import { systemIds } from '#services/kit/ids.ts'
import { schedulePayoutsJob } from './jobs/schedule-payouts.ts'
import { reconcileJob } from './jobs/reconcile.ts'
import { expectInvariants } from './testing/invariants.ts'
import { ADMIN, createJourney, eventually, newUser, newWish, PRICE, type Wish } from './testing/journey.ts'
import { type PaymentService, startPaymentService } from './testing/payment-service.ts'
import { EarningsView, PayoutAccountView, PayoutView } from './views.ts'

let service: PaymentService
let journey: ReturnType<typeof createJourney>

beforeAll(async () => {
  service = await startPaymentService()
  journey = createJourney(service)
})
afterAll(() => service.stop())

/** Of 49.00 with a tax of 19 %, a tutor has 80 % of the rest. */
const SHARE = 3294

const Earned = z.object({ earnings: z.array(EarningsView), payoutAccount: PayoutAccountView.optional() })
const Page = z.object({ items: z.array(PayoutView) })

const tutorOf = (tutorId: UserId) => `${tutorId} learner tutor`
const earningsOf = async (tutorId: UserId) =>
  Earned.parse((await journey.call('GET', '/v1/tutors/me/earnings', tutorOf(tutorId))).body)
const payoutsOf = async (tutorId: UserId) =>
  Page.parse((await journey.call('GET', '/v1/tutors/me/payouts', tutorOf(tutorId))).body).items

const paidTo = (tutorId: UserId, wish: Wish = newWish()) => journey.paid({ ...wish, tutorId })
const setAccount = (tutorId: UserId, accountId = `acct_${systemIds.next('tst').slice(-12)}`) =>
  journey.call('PUT', '/v1/tutors/me/payout-account', tutorOf(tutorId), { accountId })
const payOut = (tutorId: UserId) => service.requestItself(Payments.SchedulePayouts, { tutorId })

const untilPayouts = (tutorId: UserId, ...statuses: readonly PayoutView['status'][]) =>
  eventually(async () => {
    const payouts = await payoutsOf(tutorId)
    expect(payouts.map(({ status }) => status)).toEqual(statuses)
    return payouts
  })

const transfersOf = async (payoutId: PayoutId | undefined) =>
  (await service.sandbox.ledger()).transfers.filter(({ metadata }) => metadata['payoutId'] === payoutId)

/** A tutor with an account, whose sale is old enough to be paid out. */
const earning = async () => {
  const tutorId = newUser()
  await setAccount(tutorId)
  await paidTo(tutorId)
  service.clock.advance(15 * DAY)
  return tutorId
}

describe('earnings', () => {
  test('are a share of what was paid, less tax, and on hold for as long as the payer may have it back', async () => {
    const tutorId = newUser()
    await paidTo(tutorId)
    expect(await earningsOf(tutorId)).toEqual({
      earnings: [{ currency: 'EUR', owed: SHARE, onHold: SHARE, available: 0, inTransit: 0, paidOut: 0 }],
    })
    service.clock.advance(14 * DAY + MINUTE)
    expect((await earningsOf(tutorId)).earnings).toMatchObject([{ owed: SHARE, onHold: 0, available: SHARE }])
  })

  test('are nothing before anything was sold', async () => {
    expect(await earningsOf(newUser())).toEqual({ earnings: [] })
  })

  test('go back with refunds, in part and as a whole, without touching what others paid', async () => {
    const tutorId = newUser()
    await paidTo(tutorId)
    service.clock.advance(15 * DAY)
    const { paymentId } = await paidTo(tutorId)
    await journey.refund(paymentId, 'paid_late', systemIds.next('act'), { ...PRICE, amount: 1_000 })
    const left = SHARE - Math.floor((SHARE * 1_000) / PRICE.amount)
    await eventually(async () =>
      expect((await earningsOf(tutorId)).earnings).toMatchObject([
        { owed: SHARE + left, onHold: left, available: SHARE },
      ]),
    )
    await journey.refund(paymentId, 'paid_late', systemIds.next('act'))
    await eventually(async () =>
      expect((await earningsOf(tutorId)).earnings).toMatchObject([{ owed: SHARE, onHold: 0, available: SHARE }]),
    )
  })

  test('are on hold while a bank disputes them, and go with a dispute that is lost', async () => {
    const tutorId = newUser()
    const { intentId } = await paidTo(tutorId)
    service.clock.advance(15 * DAY)
    await service.sandbox.post(`/payment_intents/${intentId}/dispute`)
    await eventually(async () =>
      expect((await earningsOf(tutorId)).earnings).toMatchObject([{ owed: SHARE, onHold: SHARE, available: 0 }]),
    )
    const [dispute] = (await service.stripe.disputes.list({ payment_intent: intentId })).data
    await service.stripe.disputes.close(dispute?.id ?? '')
    await eventually(async () => expect((await earningsOf(tutorId)).earnings).toMatchObject([{ owed: 0, onHold: 0 }]))
  })
})

describe('a payout', () => {
  test('sends what is available, once however often it is asked for, and tells of it', async () => {
    const tutorId = await earning()
    const asked = await Promise.all(Array.from({ length: 4 }, () => payOut(tutorId)))
    expect(asked.reduce((sum, { payouts }) => sum + payouts, 0)).toBe(1)
    const [payout] = await untilPayouts(tutorId, 'SENT')
    expect(payout).toMatchObject({ money: { amount: SHARE, currency: 'EUR' }, reversed: { amount: 0 } })
    expect(await transfersOf(payout?.payoutId)).toMatchObject([{ amount: SHARE, destination: payout?.accountId }])
    await eventually(() =>
      expect(journey.eventsOf(payout?.payoutId ?? '')).toMatchObject([
        { type: 'payment.payout_sent', data: { tutorId, money: { amount: SHARE } } },
      ]),
    )
    expect((await earningsOf(tutorId)).earnings).toMatchObject([{ owed: 0, available: 0, paidOut: SHARE }])
    expect(await payOut(tutorId)).toEqual({ payouts: 0 })
  })

  test('waits for an account, for enough, and for a week since the last one', async () => {
    const tutorId = newUser()
    await paidTo(tutorId, newWish({ amount: 1_200, currency: 'EUR' }))
    service.clock.advance(15 * DAY)
    expect(await payOut(tutorId)).toEqual({ payouts: 0 })
    await setAccount(tutorId)
    expect(await payOut(tutorId)).toEqual({ payouts: 0 })
    await paidTo(tutorId)
    service.clock.advance(15 * DAY)
    expect(await payOut(tutorId)).toEqual({ payouts: 1 })
    await paidTo(tutorId)
    service.clock.advance(7 * DAY - MINUTE)
    expect(await payOut(tutorId)).toEqual({ payouts: 0 })
    service.clock.advance(8 * DAY)
    expect(await payOut(tutorId)).toEqual({ payouts: 1 })
  })

  test('is one for each currency', async () => {
    const tutorId = newUser()
    await setAccount(tutorId)
    await paidTo(tutorId)
    await paidTo(tutorId, newWish({ amount: 4_900, currency: 'JPY' }))
    service.clock.advance(15 * DAY)
    expect(await payOut(tutorId)).toEqual({ payouts: 2 })
    const payouts = await untilPayouts(tutorId, 'SENT', 'SENT')
    expect(payouts.map(({ money }) => money.currency).toSorted()).toEqual(['EUR', 'JPY'])
  })

  test.each([
    ['the answer is lost', 'lose_answer'],
    ['the provider fails after it has sent the money', 'server_error_after_effect'],
    ['the request is lost', 'lose_request'],
  ])('is sent once where %s', async (_, kind) => {
    const tutorId = await earning()
    await service.sandbox.fault({ kind, operation: 'transfers.create' })
    await payOut(tutorId)
    const [payout] = await untilPayouts(tutorId, 'SENT')
    expect(await transfersOf(payout?.payoutId)).toHaveLength(1)
  })

  test('goes to another account no sooner than a day after that was named, by a login of the last 15 minutes', async () => {
    const tutorId = await earning()
    const accountId = 'acct_anothers'
    const leftOpen = `${tutorOf(tutorId)} left-open`
    expect(await journey.call('PUT', '/v1/tutors/me/payout-account', leftOpen, { accountId })).toMatchObject({
      status: 403,
      body: { code: 'LOGIN_TOO_OLD' },
    })
    const { body } = await setAccount(tutorId, accountId)
    expect(await setAccount(tutorId, accountId)).toMatchObject({ status: 200, body })
    expect(await payOut(tutorId)).toEqual({ payouts: 0 })
    service.clock.advance(DAY + MINUTE)
    expect(await payOut(tutorId)).toEqual({ payouts: 1 })
  })

  test('that the provider refuses is owed again, and made again a week later', async () => {
    const tutorId = await earning()
    await setAccount(tutorId, 'acct_nobody')
    service.clock.advance(DAY + MINUTE)
    await payOut(tutorId)
    const [failed] = await untilPayouts(tutorId, 'FAILED')
    expect(failed).toMatchObject({ code: 'resource_missing' })
    expect((await earningsOf(tutorId)).earnings).toMatchObject([{ owed: SHARE, available: SHARE, inTransit: 0 }])
    await setAccount(tutorId)
    service.clock.advance(8 * DAY)
    await payOut(tutorId)
    await untilPayouts(tutorId, 'SENT', 'FAILED')
  })

  test('that is taken back is owed again, however often that is said', async () => {
    const tutorId = await earning()
    await payOut(tutorId)
    const [payout] = await untilPayouts(tutorId, 'SENT')
    const [transfer] = await transfersOf(payout?.payoutId)
    await service.sandbox.fault({ kind: 'webhook_repeat', event: 'transfer.reversed', count: 3 })
    await service.stripe.transfers.createReversal(transfer?.id ?? '', { amount: 1_000 })
    await eventually(async () =>
      expect((await earningsOf(tutorId)).earnings).toMatchObject([{ owed: 1_000, paidOut: SHARE - 1_000 }]),
    )
    await service.stripe.transfers.createReversal(transfer?.id ?? '')
    await eventually(async () =>
      expect((await earningsOf(tutorId)).earnings).toMatchObject([{ owed: SHARE, paidOut: 0 }]),
    )
  })

  test('whose news were lost is found by the reconciliation', async () => {
    const tutorId = await earning()
    await payOut(tutorId)
    const [payout] = await untilPayouts(tutorId, 'SENT')
    const [transfer] = await transfersOf(payout?.payoutId)
    await service.sandbox.fault({ kind: 'webhook_drop', event: 'transfer.reversed' })
    await service.stripe.transfers.createReversal(transfer?.id ?? '')
    await reconcileJob.bind(service.runtime.resolve)()
    await eventually(async () =>
      expect((await earningsOf(tutorId)).earnings).toMatchObject([{ owed: SHARE, paidOut: 0 }]),
    )
  })

  test('is made by the job for whoever is due, and by nobody else', async () => {
    const [due, other] = [await earning(), await earning()]
    await service.sql`update payment.payout_accounts set next_payout_at = now() + interval '1000 days'
      where tutor_id = ${other}`
    await schedulePayoutsJob.bind(service.runtime.resolve)()
    await untilPayouts(due, 'SENT')
    expect(await payoutsOf(other)).toEqual([])
  })

  test('is listed for its tutor and for staff, and by status', async () => {
    const tutorId = await earning()
    await payOut(tutorId)
    const [payout] = await untilPayouts(tutorId, 'SENT')
    const listed = async (query: string) =>
      Page.parse((await journey.call('GET', `/v1/payouts${query}`, ADMIN)).body).items.map(({ payoutId }) => payoutId)
    expect(await listed('?status=SENT')).toContain(payout?.payoutId)
    expect(await listed('?status=FAILED')).not.toContain(payout?.payoutId)
    expect(await payoutsOf(newUser())).toEqual([])
    expect(await journey.call('GET', '/v1/tutors/me/payouts', `${newUser()} learner`)).toMatchObject({ status: 403 })
  })
})

describe('a tutor who leaves', () => {
  const accounts = (tutorId: UserId) => service.sql`select from payment.payout_accounts where tutor_id = ${tutorId}`

  test('is paid to the last cent as it becomes free, and then the account is forgotten', async () => {
    const tutorId = newUser()
    await setAccount(tutorId)
    await paidTo(tutorId, newWish({ amount: 100, currency: 'EUR' }))
    expect(await service.request(Payments.EraseUser, { userId: tutorId })).toMatchObject({
      counts: { payoutAccounts: 1 },
    })
    expect(await payOut(tutorId)).toEqual({ payouts: 0 })
    expect(await accounts(tutorId)).toHaveLength(1)
    service.clock.advance(15 * DAY)
    expect(await payOut(tutorId)).toEqual({ payouts: 1 })
    await untilPayouts(tutorId, 'SENT')
    service.clock.advance(DAY + HOUR)
    await payOut(tutorId)
    expect(await accounts(tutorId)).toHaveLength(0)
  })
})

test('who leaves is in no notice about what they were paid', async () => {
  const tutorId = await earning()
  await payOut(tutorId)
  const [payout] = await untilPayouts(tutorId, 'SENT')
  const bodies = async () => {
    const rows = await service.sql`select body from payment.provider_events where about = ${payout?.payoutId ?? ''}`
    return z.array(z.object({ body: z.string() })).parse([...rows])
  }
  await eventually(async () => expect((await bodies()).filter(({ body }) => body !== '')).toHaveLength(1))
  await service.request(Payments.EraseUser, { userId: tutorId })
  expect(await bodies()).toEqual([{ body: '' }])
})

test.each(['', 'acct', 'ba_123', 'acct_1;drop'])('%j is no account', async (accountId) => {
  expect(await setAccount(newUser(), accountId)).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } })
})

test('in the end every charge is one payment, and the book balances', () => expectInvariants(service))
