import { beforeAll, describe, expect, test } from 'vitest'
import { addMs, type Instant, MINUTE } from '#domain/kernel/clock.ts'
import { CouponId, CourseId, PaymentId, PayoutId, PurchaseId, RefundId, UserId } from '#domain/kernel/ids.ts'
import { Coupon, type CouponTerms } from '#domain/payment/coupon.ts'
import { Dispute } from '#domain/payment/dispute.ts'
import { cancelledBy, type Intent } from '#domain/payment/intent.ts'
import { capture, payoutScheduled } from '#domain/payment/ledger.ts'
import type { ProviderPayout, ProviderRefusal } from '#domain/payment/payment-provider.ts'
import { Payment } from '#domain/payment/payment.ts'
import { PayoutAccount } from '#domain/payment/payout-account.ts'
import { Payout } from '#domain/payment/payout.ts'
import { Purchase } from '#domain/payment/purchase.ts'
import { Refund } from '#domain/payment/refund.ts'
import { sharesOf } from '#domain/payment/shares.ts'
import { PurchaseRef } from '#domain/payment/values.ts'
import type { Store } from '#bus/unit-of-work/store.ts'
import { FlushConflict, type UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import { systemIds } from '#services/kit/ids.ts'
import { applyPayout } from '../../apply-payout.ts'
import type {
  CouponRepository,
  DisputeRepository,
  EarningsQueries,
  Ledger,
  PaymentRepository,
  PayoutAccountRepository,
  PayoutRepository,
  ProviderEvents,
  PurchaseRepository,
  RefundRepository,
} from '../../ports.ts'

export interface RepositoriesFixture {
  readonly store: Store
  readonly purchases: PurchaseRepository
  readonly payments: PaymentRepository
  readonly refunds: RefundRepository
  readonly disputes: DisputeRepository
  readonly coupons: CouponRepository
  readonly payoutAccounts: PayoutAccountRepository
  readonly payouts: PayoutRepository
  readonly ledger: Ledger
  readonly earnings: EarningsQueries
  readonly events: ProviderEvents
}

const NOW: Instant = '2026-03-01T10:00:00.000Z'
const PRICE = { amount: 5_000, currency: 'EUR' } as const
const TERMS = { taxPercent: 8.1, tutorPercent: 72.5 }

const newPurchase = (): Purchase =>
  Purchase.open(
    {
      id: PurchaseId.parse(systemIds.next('pur')),
      ref: PurchaseRef.parse({ kind: 'course', refId: systemIds.next('enr') }),
      payerId: UserId.parse(systemIds.next('usr')),
      lines: [{ description: 'Course', money: PRICE }],
      tutorId: UserId.parse(systemIds.next('usr')),
    },
    TERMS,
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

    describe('a dispute', () => {
      const open = async () => {
        const payment = await completed()
        const disputeId = systemIds.next('dp').replaceAll('-', '')
        const fact = { disputeId, status: 'open', money: PRICE, reason: 'fraudulent' } as const
        const dispute = Dispute.open(payment, fact, NOW)
        await commit((tx) => {
          fixture.payments.save(tx, payment)
          fixture.disputes.save(tx, dispute)
        })
        return { payment: await reload(payment.id), dispute }
      }

      test('is loaded as it was opened, and as it was closed', async () => {
        const { payment, dispute } = await open()
        const found = await fixture.disputes.load(dispute.id)
        expect(found?.state).toEqual(dispute.state)
        found?.observe({ status: 'lost' }, payment, NOW)
        await commit((tx) => {
          fixture.payments.save(tx, payment)
          if (found) fixture.disputes.save(tx, found)
        })
        const closed = await fixture.disputes.load(dispute.id)
        expect([closed?.state, closed?.version]).toEqual([found?.state, 2])
        expect((await reload(payment.id)).state).toEqual(payment.state)
      })

      test('is stored once, and changed by who has read it last', async () => {
        const { payment, dispute } = await open()
        await expect(commit((tx) => fixture.disputes.save(tx, dispute))).rejects.toThrow(FlushConflict)
        const [first, stale] = [await fixture.disputes.load(dispute.id), await fixture.disputes.load(dispute.id)]
        first?.observe({ status: 'won' }, payment, NOW)
        await commit((tx) => first && fixture.disputes.save(tx, first))
        const late = commit((tx) => stale && fixture.disputes.save(tx, stale))
        await expect(late).rejects.toThrow(FlushConflict)
      })

      test('is among the open until it is closed', async () => {
        const { dispute } = await open()
        expect(await fixture.disputes.open(addMs(NOW, 1), 1_000)).toContain(dispute.id)
        expect(await fixture.disputes.open(NOW, 1_000)).not.toContain(dispute.id)
        expect((await fixture.disputes.loadAll([dispute.id, dispute.id])).map(({ state }) => state)).toEqual([
          dispute.state,
        ])
      })
    })

    describe('a coupon', () => {
      const made = async (terms: Partial<CouponTerms> = {}): Promise<Coupon> => {
        const code = `C${systemIds.next('x').replaceAll('-', '').slice(-30)}`.toUpperCase()
        const named = { id: CouponId.parse(systemIds.next('cpn')), code, ownerId: UserId.parse(systemIds.next('usr')) }
        const coupon = Coupon.create(named, { discount: { kind: 'percent', percent: 10 }, ...terms })
        await commit((tx) => fixture.coupons.save(tx, coupon))
        return again(coupon.id)
      }
      const again = async (id: CouponId): Promise<Coupon> => {
        const coupon = await fixture.coupons.load(id)
        if (!coupon) throw new Error(`${id} was not stored.`)
        return coupon
      }
      const reserve = async (coupon: Coupon, purchase = newPurchase()) => {
        const { payerId } = purchase.open
        coupon.count(1)
        await commit((tx) => {
          fixture.purchases.save(tx, purchase)
          const redemption = { couponId: coupon.id, purchaseId: purchase.id, payerId, status: 'RESERVED' } as const
          fixture.coupons.reserve(tx, redemption, coupon)
        })
        return purchase
      }

      test('is found by its id and its code as it was made', async () => {
        const terms = { courseIds: [CourseId.parse(systemIds.next('crs'))], limit: 3, validUntil: addMs(NOW, MINUTE) }
        const coupon = await made(terms)
        expect(coupon.state).toMatchObject(terms)
        expect((await fixture.coupons.byCode(coupon.state.code))?.state).toEqual(coupon.state)
        expect(await fixture.coupons.byCode('NOBODY-MADE-IT')).toBeUndefined()
      })

      test('has its code alone', async () => {
        const { state } = await made()
        const other = Coupon.create(
          { ...state, id: CouponId.parse(systemIds.next('cpn')) },
          { discount: state.discount },
        )
        await expect(commit((tx) => fixture.coupons.save(tx, other))).rejects.toThrow(FlushConflict)
      })

      test('is reserved once by a payer, who may come again after it was released', async () => {
        const coupon = await made()
        const purchase = await reserve(await again(coupon.id))
        const { payerId, ref } = purchase.open
        expect(await fixture.coupons.isRedeemedBy(coupon.id, payerId)).toBe(true)
        const second = () =>
          Purchase.open(
            { ...newPurchase().open, payerId, lines: [{ description: 'Course', money: PRICE }] },
            TERMS,
            NOW,
          )
        await expect(reserve(await again(coupon.id), second())).rejects.toThrow(FlushConflict)

        const found = await fixture.coupons.ofPurchase(ref)
        expect(found?.coupon.state.redeemed).toBe(1)
        found?.coupon.count(-1)
        await commit((tx) => found && fixture.coupons.settle(tx, found.redemption, 'RELEASED', found.coupon))
        expect(await fixture.coupons.isRedeemedBy(coupon.id, payerId)).toBe(false)
        await reserve(await again(coupon.id), second())
        expect((await again(coupon.id)).state.redeemed).toBe(1)
      })

      test('is settled once, and counted by who has read it last', async () => {
        const coupon = await made()
        const stale = await again(coupon.id)
        const { ref } = (await reserve(await again(coupon.id))).state
        await expect(reserve(stale)).rejects.toThrow(FlushConflict)
        const found = await fixture.coupons.ofPurchase(ref)
        await commit((tx) => found && fixture.coupons.settle(tx, found.redemption, 'USED'))
        const repeated = commit((tx) => found && fixture.coupons.settle(tx, found.redemption, 'USED'))
        await expect(repeated).rejects.toThrow(FlushConflict)
      })
    })

    describe('earnings', () => {
      /** A sale that stands in the book, with what has been done to it since. */
      const sold = async (change: (payment: Payment) => void = () => undefined): Promise<UserId> => {
        const payment = await completed()
        change(payment)
        const { state } = payment
        const { tutor } = state.shares
        if (state.status !== 'COMPLETED' || !tutor) throw new Error(`${payment.id} was not sold by a tutor.`)
        await commit((tx) => {
          fixture.payments.save(tx, payment)
          fixture.ledger.append(tx, capture(state))
        })
        return tutor.tutorId
      }
      const share = sharesOf(PRICE, TERMS, UserId.parse(systemIds.next('usr'))).tutor?.money.amount ?? 0
      const nothing = { currency: 'EUR', owed: 0, onHold: 0, inTransit: 0, paidOut: 0 }

      test('are the share of a sale, on hold while it is young', async () => {
        const tutorId = await sold()
        const earned = { ...nothing, owed: share }
        expect(await fixture.earnings.of(tutorId, NOW)).toEqual([{ ...earned, onHold: share }])
        expect(await fixture.earnings.of(tutorId, addMs(NOW, 1))).toEqual([earned])
      })

      test('are on hold while a bank disputes the sale, however old it is', async () => {
        const tutorId = await sold((payment) => payment.withdraw(PRICE))
        expect(await fixture.earnings.of(tutorId, addMs(NOW, 1))).toMatchObject([{ onHold: share }])
      })

      test('that were partly given back are on hold in the part that is left', async () => {
        const tutorId = await sold((payment) => {
          payment.reserveRefund({ ...PRICE, amount: 777 })
          payment.settleRefund({ ...PRICE, amount: 777 })
        })
        const left = share - Math.floor((share * 777) / PRICE.amount)
        expect(await fixture.earnings.of(tutorId, NOW)).toMatchObject([{ onHold: left }])
      })

      test('are in transit, paid out, and owed again by what becomes of payouts', async () => {
        const tutorId = await sold()
        const schedule = async (amount: number) => {
          const id = PayoutId.parse(systemIds.next('pyt'))
          const money = { ...PRICE, amount }
          const payout = Payout.schedule({ id, tutorId, accountId: 'acct_1', money, scheduledAt: NOW })
          await commit((tx) => {
            fixture.payouts.save(tx, payout)
            fixture.ledger.append(tx, payoutScheduled(payout.state, NOW))
          })
          const saved = await fixture.payouts.load(id)
          if (!saved) throw new Error(`${id} was not stored.`)
          return saved
        }
        const observe = (payout: Payout, fact: ProviderPayout | ProviderRefusal) =>
          commit((tx) => applyPayout(tx, payout, fact, fixture))
        await schedule(100)
        const transferId = `tr_${systemIds.next('pyt')}`
        await observe(await schedule(200), { status: 'sent', transferId, reversed: { ...PRICE, amount: 50 } })
        await observe(await schedule(400), { status: 'refused', code: 'resource_missing' })
        expect(await fixture.earnings.of(tutorId, addMs(NOW, 1))).toEqual([
          { ...nothing, owed: share - 100 - 150, inTransit: 100, paidOut: 150 },
        ])
      })

      test('are nothing before anything was sold', async () => {
        expect(await fixture.earnings.of(UserId.parse(systemIds.next('usr')), NOW)).toEqual([])
      })
    })

    describe('a payout account', () => {
      const opened = async (at = NOW): Promise<PayoutAccount> => {
        const account = PayoutAccount.register(UserId.parse(systemIds.next('usr')), 'acct_1', at)
        await commit((tx) => fixture.payoutAccounts.save(tx, account))
        return again(account.id)
      }
      const again = async (tutorId: UserId): Promise<PayoutAccount> => {
        const account = await fixture.payoutAccounts.load(tutorId)
        if (!account) throw new Error(`${tutorId} has no account.`)
        return account
      }

      test('is one for each tutor, and is found as it was left', async () => {
        const account = await opened()
        const second = PayoutAccount.register(account.id, 'acct_2', NOW)
        await expect(commit((tx) => fixture.payoutAccounts.save(tx, second))).rejects.toThrow(FlushConflict)
        account.replace('acct_3', NOW)
        account.leave(addMs(NOW, MINUTE))
        await commit((tx) => fixture.payoutAccounts.save(tx, account))
        expect((await again(account.id)).state).toEqual(account.state)
      })

      test('is changed by who has read it last, and removed once', async () => {
        const account = await opened()
        const stale = await again(account.id)
        account.visited(true, NOW)
        await commit((tx) => fixture.payoutAccounts.save(tx, account))
        await expect(commit((tx) => fixture.payoutAccounts.save(tx, stale))).rejects.toThrow(FlushConflict)
        await expect(commit((tx) => fixture.payoutAccounts.remove(tx, stale))).rejects.toThrow(FlushConflict)
        const last = await again(account.id)
        await commit((tx) => fixture.payoutAccounts.remove(tx, last))
        expect(await fixture.payoutAccounts.load(account.id)).toBeUndefined()
      })

      test('is due from its instant on, the one that is due longest first', async () => {
        // Due a day later.
        const [first, second] = [await opened('2019-12-31T00:00:00.000Z'), await opened('2020-01-01T00:00:00.000Z')]
        const due = (at: Instant, limit = 10) => fixture.payoutAccounts.due(at, limit)
        expect(await due('2020-01-02T00:00:00.000Z')).toEqual([first.id, second.id])
        expect(await due('2020-01-02T00:00:00.000Z', 1)).toEqual([first.id])
        expect(await due('2020-01-01T23:59:59.999Z')).toEqual([first.id])
      })
    })

    describe('a payout', () => {
      const scheduled = async (at = NOW): Promise<Payout> => {
        const payout = Payout.schedule({
          id: PayoutId.parse(systemIds.next('pyt')),
          tutorId: UserId.parse(systemIds.next('usr')),
          accountId: 'acct_1',
          money: PRICE,
          scheduledAt: at,
        })
        await commit((tx) => fixture.payouts.save(tx, payout))
        return again(payout.id)
      }
      const again = async (id: PayoutId): Promise<Payout> => {
        const payout = await fixture.payouts.load(id)
        if (!payout) throw new Error(`${id} was not stored.`)
        return payout
      }
      const sent = (amount: number) =>
        ({ status: 'sent', transferId: systemIds.next('tr'), reversed: { ...PRICE, amount } }) as const

      test.each([
        ['sent', () => sent(0)],
        ['sent, and taken back in part', () => sent(300)],
        ['refused', () => ({ status: 'refused', code: 'account_closed' }) as const],
      ])('that was %s is found as it was left', async (_, fact) => {
        const payout = await scheduled()
        payout.observe(fact(), NOW)
        await commit((tx) => fixture.payouts.save(tx, payout))
        expect((await again(payout.id)).state).toEqual(payout.state)
        expect((await fixture.payouts.loadAll([payout.id, payout.id])).map(({ id }) => id)).toEqual([payout.id])
      })

      test('is changed by who has read it last', async () => {
        const payout = await scheduled()
        const stale = await again(payout.id)
        for (const read of [payout, stale]) read.observe(sent(0), NOW)
        await commit((tx) => fixture.payouts.save(tx, payout))
        await expect(commit((tx) => fixture.payouts.save(tx, stale))).rejects.toThrow(FlushConflict)
      })

      test('is unsent until the provider has answered, oldest first', async () => {
        const payouts = [await scheduled('2020-01-01T00:00:00.000Z'), await scheduled('2020-01-02T00:00:00.000Z')]
        const [first, second] = payouts.map(({ id }) => id)
        expect(await fixture.payouts.unsent('2020-01-03T00:00:00.000Z', 10)).toEqual([first, second])
        expect(await fixture.payouts.unsent('2020-01-02T00:00:00.000Z', 10)).toEqual([first])
        for (const payout of payouts) {
          payout.observe(sent(0), NOW)
          await commit((tx) => fixture.payouts.save(tx, payout))
        }
        expect(await fixture.payouts.unsent('2020-01-03T00:00:00.000Z', 10)).toEqual([])
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
