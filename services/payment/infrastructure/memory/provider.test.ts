import { describe, expect, test } from 'vitest'
import { PaymentId, RefundId } from '#domain/kernel/ids.ts'
import { COURSE, NOW, PAYMENT_ID, PRICE } from '#domain/payment/fixtures.ts'
import { createTestIds } from '#bus/testing/ids.ts'
import type { ProviderNotice } from '../../ports.ts'
import { createMemoryProvider, type MemoryProviderOptions, type ProviderDisturbance } from './provider.ts'

const ids = createTestIds()
const asked = { paymentId: PaymentId.parse(PAYMENT_ID), purchase: COURSE, money: PRICE, initiatedAt: NOW }

const open = (options: Partial<MemoryProviderOptions> = {}) => createMemoryProvider({ now: () => NOW, ...options })

/** Disturbs the calls in turn, and then no more. */
const disturbances = (...planned: ProviderDisturbance[]): Pick<MemoryProviderOptions, 'disturb'> => ({
  disturb: () => planned.shift() ?? {},
})

const paid = async (provider = open()) => {
  const created = await provider.createIntent(asked)
  const intentId = 'intentId' in created ? created.intentId : ''
  provider.account.pay(intentId)
  return { provider, intentId }
}

const refundOf = (intentId: string, amount: number) => ({
  refundId: RefundId.parse(ids.next('rfn')),
  intentId,
  money: { ...PRICE, amount },
  requestedAt: NOW,
})

describe('the provider in memory', () => {
  test('makes one intent for one key, also when the first answer was lost', async () => {
    const provider = open(disturbances({ lose: 'answer' }))
    await expect(provider.createIntent(asked)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await provider.createIntent(asked)).toMatchObject({ intentId: 'pi_1', status: 'requires_action' })
    expect(provider.account.intents.size).toBe(1)
  })

  test('does nothing when the request was lost', async () => {
    const provider = open(disturbances({ lose: 'request' }))
    await expect(provider.createIntent(asked)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(provider.account.intents.size).toBe(0)
  })

  test('replays a refusal, and forgets it with its key', async () => {
    const provider = open(disturbances({ refuse: 'amount_too_small' }))
    const refusal = { status: 'refused', code: 'amount_too_small' }
    expect([await provider.createIntent(asked), await provider.createIntent(asked)]).toEqual([refusal, refusal])
    provider.forgetKeys()
    expect(await provider.createIntent(asked)).toMatchObject({ status: 'requires_action' })
  })

  test('tells of every change, and takes money once', async () => {
    const notices: ProviderNotice[] = []
    const { provider, intentId } = await paid(open({ onNotice: (notice) => notices.push(notice) }))
    expect(provider.account.pay(intentId)).toBe(false)
    expect(provider.account.captured(intentId)).toBe(PRICE.amount)
    expect(notices).toEqual([
      {
        eventId: 'evt_1',
        type: 'payment_intent.succeeded',
        subject: { kind: 'payment', paymentId: PAYMENT_ID },
        about: PAYMENT_ID,
      },
    ])
  })

  test('answers a cancel with the money, where the payer was faster', async () => {
    const { provider, intentId } = await paid()
    expect(await provider.cancelIntent(intentId)).toMatchObject({ status: 'succeeded' })
  })

  test('never gives back more than it took', async () => {
    const { provider, intentId } = await paid()
    expect(await provider.createRefund(refundOf(intentId, 3_000))).toMatchObject({ status: 'succeeded' })
    expect(await provider.createRefund(refundOf(intentId, 3_000))).toMatchObject({ status: 'refused' })
    expect(provider.account.givenBack(intentId)).toBe(3_000)
  })

  test('keeps a pending refund until the bank settles it', async () => {
    const { provider, intentId } = await paid(open(disturbances({}, { pending: true })))
    const refund = refundOf(intentId, PRICE.amount)
    expect(await provider.createRefund(refund)).toMatchObject({ status: 'pending' })
    provider.account.settleRefund(refund.refundId, 'failed')
    expect(await provider.findRefund(refund)).toEqual({ status: 'failed', code: 'bank_refused' })
    expect(provider.account.givenBack(intentId)).toBe(0)
  })
})
