import { beforeAll, describe, expect, test } from 'vitest'
import { addMs, type Instant, MINUTE } from '#domain/kernel/clock.ts'
import { PaymentId, PurchaseId, RefundId, UserId } from '#domain/kernel/ids.ts'
import { cancelledBy, type Intent } from '#domain/payment/intent.ts'
import { capture } from '#domain/payment/ledger.ts'
import { Payment } from '#domain/payment/payment.ts'
import { Purchase } from '#domain/payment/purchase.ts'
import { Refund } from '#domain/payment/refund.ts'
import { PurchaseRef } from '#domain/payment/values.ts'
import type { Store } from '#bus/unit-of-work/store.ts'
import { FlushConflict, type UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import { systemIds } from '#services/kit/ids.ts'
import type { Ledger, PaymentRepository, ProviderEvents, PurchaseRepository, RefundRepository } from '../../ports.ts'

export interface RepositoriesFixture {
  readonly store: Store
  readonly purchases: PurchaseRepository
  readonly payments: PaymentRepository
  readonly refunds: RefundRepository
  readonly ledger: Ledger
  readonly events: ProviderEvents
}

const NOW: Instant = '2026-03-01T10:00:00.000Z'
const PRICE = { amount: 5_000, currency: 'EUR' } as const

const newPurchase = (): Purchase =>
  Purchase.open(
    {
      id: PurchaseId.parse(systemIds.next('pur')),
      ref: PurchaseRef.parse({ kind: 'course', refId: systemIds.next('enr') }),
      payerId: UserId.parse(systemIds.next('usr')),
      lines: [{ description: 'Course', money: PRICE }],
    },
    NOW,
  )

const newPayment = (purchase: Purchase, at = NOW): Payment =>
  Payment.initiate(PaymentId.parse(systemIds.next('pay')), purchase, at)

type Facts = (intentId: string) => Intent

const unpaid: Facts = (intentId) => ({
  intentId,
  money: PRICE,
  status: 'requires_action',
  clientSecret: `${intentId}_secret`,
  declineCode: null,
})
const processing: Facts = (intentId) => ({
  intentId,
  money: PRICE,
  status: 'processing',
  clientSecret: `${intentId}_secret`,
})
const succeeded: Facts = (intentId) => ({ intentId, money: PRICE, status: 'succeeded' })
const cancelled: Facts = (intentId) => ({ intentId, money: PRICE, status: 'cancelled' })

/** What every adapter of the payment service's write side has to do. */
export const repositoriesContract = (name: string, open: () => Promise<RepositoriesFixture>): void => {
  describe(`the repositories of payment in ${name}`, () => {
    let fixture: RepositoriesFixture
    beforeAll(async () => {
      fixture = await open()
    })

    const commit = async (register: (tx: UnitOfWork) => void): Promise<void> => {
      const tx = fixture.store.begin(NOW, { correlationId: 'test' })
      register(tx)
      await fixture.store.flush(tx)
    }

    const reload = async (id: PaymentId): Promise<Payment> => {
      const payment = await fixture.payments.load(id)
      if (!payment) throw new Error(`${id} was not stored.`)
      return payment
    }

    /** A payment that is stored as it is initiated, with its purchase. */
    const stored = async (at = NOW): Promise<Payment> => {
      const purchase = newPurchase()
      const payment = newPayment(purchase, at)
      await commit((tx) => {
        fixture.purchases.save(tx, purchase)
        fixture.payments.save(tx, payment)
      })
      return reload(payment.id)
    }

    const save = (payment: Payment) => commit((tx) => fixture.payments.save(tx, payment))

    const completed = async (): Promise<Payment> => {
      const payment = await stored()
      payment.observe(succeeded(`pi_${payment.id}`), NOW)
      await save(payment)
      return reload(payment.id)
    }

    const requestRefund = async (payment: Payment, actionId: string): Promise<Refund> => {
      const request = { id: RefundId.parse(systemIds.next('rfn')), actionId, reason: 'duplicate' } as const
      const refund = Refund.request(payment, request, NOW)
      await commit((tx) => {
        fixture.payments.save(tx, payment)
        fixture.refunds.save(tx, refund)
      })
      return refund
    }

    describe('a purchase', () => {
      test('is found by its reference as it was opened', async () => {
        const purchase = newPurchase()
        await commit((tx) => fixture.purchases.save(tx, purchase))
        expect((await fixture.purchases.find(purchase.state.ref))?.state).toEqual(purchase.state)
        expect(await fixture.purchases.find(newPurchase().state.ref)).toBeUndefined()
      })

      test('is found as cancelled beforehand, and then nobody opens it', async () => {
        const open = newPurchase()
        const { ref } = open.state
        const first = Purchase.cancelledBeforehand({ id: newPurchase().id, ref, actionId: 'a1' }, NOW)
        await commit((tx) => fixture.purchases.save(tx, first))
        expect((await fixture.purchases.find(ref))?.state).toEqual(first.state)
        await expect(commit((tx) => fixture.purchases.save(tx, open))).rejects.toThrow(FlushConflict)
      })
    })

    describe('a payment', () => {
      const steps: readonly (readonly [string, (payment: Payment) => void])[] = [
        ['initiated', () => undefined],
        ['initiated and to be cancelled', (payment) => payment.requestCancel(cancelledBy('saga'))],
        ['waiting for its payer', (payment) => payment.observe(unpaid(`pi_${payment.id}`), NOW)],
        ['processing', (payment) => payment.observe(processing(`pi_${payment.id}`), NOW)],
        ['completed', (payment) => payment.observe(succeeded(`pi_${payment.id}`), NOW)],
        ['cancelled', (payment) => payment.observe(cancelled(`pi_${payment.id}`), NOW)],
        ['refused', (payment) => payment.intentRefused('amount_too_small', NOW)],
      ]
      test.each(steps)('that is %s is loaded as it was saved', async (_, step) => {
        const payment = await stored()
        step(payment)
        await save(payment)
        const found = await reload(payment.id)
        expect(found.state).toEqual(payment.state)
        expect(found.version).toBe(2)
        expect((await fixture.payments.ofPurchase(payment.state.purchaseId))?.state).toEqual(payment.state)
      })

      test('that was changed meanwhile is a conflict, and nothing of the unit is written', async () => {
        const [first, second] = [await stored(), await stored()]
        const stale = await reload(first.id)
        first.requestCancel(cancelledBy('saga'))
        await save(first)
        stale.observe(unpaid(`pi_${stale.id}`), NOW)
        second.requestCancel(cancelledBy('saga'))
        const both = commit((tx) => {
          fixture.payments.save(tx, second)
          fixture.payments.save(tx, stale)
        })
        await expect(both).rejects.toThrow(FlushConflict)
        expect((await reload(second.id)).version).toBe(1)
      })

      test('is the only one of its purchase', async () => {
        const purchase = newPurchase()
        await commit((tx) => {
          fixture.purchases.save(tx, purchase)
          fixture.payments.save(tx, newPayment(purchase))
        })
        await expect(save(newPayment(purchase))).rejects.toThrow(FlushConflict)
      })

      test('is among the unsettled while it is open and old enough', async () => {
        const [old, young, paid] = [
          await stored(addMs(NOW, -MINUTE)),
          await stored(addMs(NOW, MINUTE)),
          await completed(),
        ]
        const unsettled = await fixture.payments.unsettled(NOW, 1_000)
        const ids = unsettled.map(({ paymentId }) => paymentId)
        expect(ids).toContain(old.id)
        expect(ids).not.toContain(young.id)
        expect(ids).not.toContain(paid.id)
      })

      test('is loaded with others, each once', async () => {
        const [a, b] = [await stored(), await stored()]
        const missing = PaymentId.parse(systemIds.next('pay'))
        const found = await fixture.payments.loadAll([a.id, b.id, a.id, missing])
        expect(new Set(found.map(({ id }) => id))).toEqual(new Set([a.id, b.id]))
        expect(found).toHaveLength(2)
        expect(await fixture.payments.loadAll([])).toEqual([])
      })
    })

    describe('a refund', () => {
      const steps: readonly (readonly [string, (refund: Refund, payment: Payment) => void])[] = [
        ['processed', (refund, payment) => refund.processed(`re_${refund.id}`, payment, NOW)],
        ['failed', (refund, payment) => refund.failed('bank_refused', payment, NOW)],
      ]
      test.each(steps)('that is %s is loaded with its payment', async (_, step) => {
        const { id } = await requestRefund(await completed(), systemIds.next('act'))
        const pending = await fixture.refunds.load(id)
        if (!pending) throw new Error(`${id} was not stored.`)
        const { refund, payment } = pending
        step(refund, payment)
        await commit((tx) => {
          fixture.payments.save(tx, payment)
          fixture.refunds.save(tx, refund)
        })
        const found = await fixture.refunds.load(id)
        expect([found?.refund.state, found?.payment.state]).toEqual([refund.state, payment.state])
        expect([found?.refund.version, found?.payment.version]).toEqual([2, 4])
      })

      test('is the only one of its act', async () => {
        const actionId = systemIds.next('act')
        const first = await requestRefund(await completed(), actionId)
        expect((await fixture.refunds.ofAction(actionId))?.state).toEqual(first.state)
        await expect(requestRefund(await completed(), actionId)).rejects.toThrow(FlushConflict)
      })

      test('is among the pending until it is settled', async () => {
        const { id, state } = await requestRefund(await completed(), systemIds.next('act'))
        const pending = async (before: Instant) =>
          (await fixture.refunds.pending(before, 1_000)).map((refund) => refund.id)
        expect(await pending(addMs(state.requestedAt, 1))).toContain(id)
        expect(await pending(state.requestedAt)).not.toContain(id)
        expect((await fixture.refunds.loadAll([id, id])).map((refund) => refund.state)).toEqual([state])
      })
    })

    test('a transaction is appended to the book once', async () => {
      const { captured } = await completed()
      await commit((tx) => fixture.ledger.append(tx, capture(captured)))
      await expect(commit((tx) => fixture.ledger.append(tx, capture(captured)))).rejects.toThrow(FlushConflict)
    })

    test('a notice is stored once per provider', async () => {
      const event = { provider: 'stripe', eventId: systemIds.next('evt'), type: 'test', body: '{}', about: null }
      expect(await fixture.events.has(event.provider, event.eventId)).toBe(false)
      await commit((tx) => fixture.events.save(tx, event))
      expect(await fixture.events.has(event.provider, event.eventId)).toBe(true)
      await expect(commit((tx) => fixture.events.save(tx, event))).rejects.toThrow(FlushConflict)
      await commit((tx) => fixture.events.save(tx, { ...event, provider: 'other' }))
    })
  })
}
