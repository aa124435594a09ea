import { and, eq, getTableColumns, inArray, type InferSelectModel, sql } from 'drizzle-orm'
import { Coupon } from '#domain/payment/coupon.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { CouponRepository } from '../../ports.ts'
import { couponRedemptions, coupons, purchases } from './schema.ts'

const value = sql.placeholder

const insert = prepareWrite(
  'coupon',
  sql`insert into ${coupons} (id, code, owner_id, discount, course_ids, usage_limit, valid_until, disabled, redeemed, version)
    values (${value('id')}, ${value('code')}, ${value('ownerId')}, ${value('discount')}::text::jsonb,
      ${value('courseIds')}::text[], ${value('limit')}, ${value('validUntil')}, ${value('disabled')},
      ${value('redeemed')}, 1)
    on conflict do nothing`,
)

const update = prepareWrite(
  'coupon',
  sql`update ${coupons} set usage_limit = ${value('limit')}, valid_until = ${value('validUntil')},
      disabled = ${value('disabled')}, redeemed = ${value('redeemed')}, version = version + 1
    where id = ${value('id')} and version = ${value('version')}`,
)

const reserve = prepareWrite(
  'redemption',
  sql`insert into ${couponRedemptions} (purchase_id, coupon_id, payer_id, status, reserved_at)
    values (${value('purchaseId')}, ${value('couponId')}, ${value('payerId')}, ${value('status')}, ${value('now')})
    on conflict do nothing`,
)

const settle = prepareWrite(
  'redemption',
  sql`update ${couponRedemptions} set status = ${value('next')}, settled_at = ${value('now')}
    where purchase_id = ${value('purchaseId')} and status = ${value('status')}`,
)

const couponOf = (row: InferSelectModel<typeof coupons>): Coupon => {
  const { version, usageLimit: limit, courseIds, validUntil, ...state } = row
  const terms = { courseIds: courseIds ?? undefined, limit: limit ?? undefined, validUntil: validUntil ?? undefined }
  return Coupon.restore({ ...state, ...terms }, version)
}

export const createPostgresCoupons = ({ drizzle: db }: Database): CouponRepository => {
  const byId = db
    .select()
    .from(coupons)
    .where(eq(coupons.id, value('id')))
    .prepare('coupon_by_id')
  const byCode = db
    .select()
    .from(coupons)
    .where(eq(coupons.code, value('code')))
    .prepare('coupon_by_code')
  const held = db
    .select({ purchaseId: couponRedemptions.purchaseId })
    .from(couponRedemptions)
    .where(
      and(
        eq(couponRedemptions.couponId, value('couponId')),
        eq(couponRedemptions.payerId, value('payerId')),
        inArray(couponRedemptions.status, ['RESERVED', 'USED']),
      ),
    )
    .prepare('coupon_held')
  const ofPurchase = db
    .select({ redemption: getTableColumns(couponRedemptions), coupon: getTableColumns(coupons) })
    .from(couponRedemptions)
    .innerJoin(coupons, eq(coupons.id, couponRedemptions.couponId))
    .innerJoin(purchases, eq(purchases.id, couponRedemptions.purchaseId))
    .where(and(eq(purchases.kind, value('kind')), eq(purchases.refId, value('refId'))))
    .prepare('redemption_of_purchase')

  const save: CouponRepository['save'] = (tx, coupon) => {
    const { state, version } = coupon
    const { discount, courseIds, limit = null, validUntil = null } = state
    const values = { ...state, limit, validUntil }
    if (version > 0) postgresOf(tx).write(update, { ...values, version })
    else postgresOf(tx).write(insert, { ...values, discount: JSON.stringify(discount), courseIds: courseIds ?? null })
    tx.raise(coupon)
  }

  return {
    load: async (id) => (await byId.execute({ id })).map(couponOf)[0],
    byCode: async (code) => (await byCode.execute({ code })).map(couponOf)[0],
    isRedeemedBy: async (couponId, payerId) => (await held.execute({ couponId, payerId })).length > 0,
    ofPurchase: async (ref) => {
      const [row] = await ofPurchase.execute(ref)
      return row && { redemption: row.redemption, coupon: couponOf(row.coupon) }
    },
    save,
    reserve: (tx, redemption, coupon) => {
      postgresOf(tx).write(reserve, { ...redemption, now: tx.now })
      save(tx, coupon)
    },
    settle: (tx, { purchaseId, status }, next, coupon) => {
      postgresOf(tx).write(settle, { purchaseId, status, next, now: tx.now })
      if (coupon) save(tx, coupon)
    },
  }
}
