import { Coupon, type CouponState, type Redemption } from '#domain/payment/coupon.ts'
import { memoryOf } from '#bus/memory/store.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import type { CouponRepository } from '../../ports.ts'
import type { PaymentMemory, Versioned } from './payment-memory.ts'

const couponOf = ({ state, version }: Versioned<CouponState>): Coupon => Coupon.restore(state, version)

const isHeld = ({ status }: Redemption): boolean => status !== 'RELEASED'

export const createMemoryCoupons = ({ coupons, redemptions, purchases }: PaymentMemory): CouponRepository => {
  const byCode = (code: string) => [...coupons.values()].find(({ state }) => state.code === code)
  const heldBy = (couponId: string, payerId: string) =>
    [...redemptions.values()].some((held) => held.couponId === couponId && held.payerId === payerId && isHeld(held))

  const save: CouponRepository['save'] = (tx, coupon) => {
    const { id, state, version } = coupon
    memoryOf(tx).write({
      name: 'coupon',
      check: () => (version === 0 ? byCode(state.code) === undefined : coupons.get(id)?.version === version),
      apply: () => coupons.set(id, { state, version: version + 1 }),
    })
    tx.raise(coupon)
  }

  const put = (tx: UnitOfWork, redemption: Redemption, check: () => boolean): void =>
    memoryOf(tx).write({
      name: 'redemption',
      check,
      apply: () => redemptions.set(redemption.purchaseId, redemption),
    })

  return {
    load: async (id) => {
      const stored = coupons.get(id)
      return stored && couponOf(stored)
    },
    byCode: async (code) => {
      const stored = byCode(code)
      return stored && couponOf(stored)
    },
    isRedeemedBy: async (id, payerId) => heldBy(id, payerId),
    ofPurchase: async ({ kind, refId }) => {
      const purchase = purchases.get(`${kind}/${refId}`)
      const redemption = purchase && redemptions.get(purchase.id)
      const stored = redemption && coupons.get(redemption.couponId)
      return stored && { redemption, coupon: couponOf(stored) }
    },
    save,
    reserve: (tx, redemption, coupon) => {
      const { purchaseId, couponId, payerId } = redemption
      put(tx, redemption, () => !redemptions.has(purchaseId) && !heldBy(couponId, payerId))
      save(tx, coupon)
    },
    settle: (tx, redemption, status, coupon) => {
      put(tx, { ...redemption, status }, () => redemptions.get(redemption.purchaseId)?.status === redemption.status)
      if (coupon) save(tx, coupon)
    },
  }
}
