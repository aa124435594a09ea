import { z } from 'zod'
import { Instant } from '../kernel/clock.ts'
import { EndReason } from './enrollment-state.ts'

export const GrantSource = z.enum(['purchase', 'free', 'admin', 'voucher'])
export type GrantSource = z.infer<typeof GrantSource>

/** What a grant stands for: unique by source and reference (for a purchase the payment's id). */
export const GrantReference = z.object({ source: GrantSource, ref: z.string().min(1).max(80) })
export type GrantReference = z.infer<typeof GrantReference>

/** A right of access from an instant on, perhaps until another, unless it is revoked. */
export const Grant = GrantReference.extend({
  validFrom: Instant,
  validUntil: Instant.optional(),
  revokedAt: Instant.optional(),
  revokedFor: EndReason.optional(),
})
export type Grant = z.infer<typeof Grant>

export const isSameGrant = (a: GrantReference, b: GrantReference): boolean => a.source === b.source && a.ref === b.ref

/** Not revoked; its time may still be over. */
export const isStanding = (grant: Grant): boolean => grant.revokedAt === undefined

export const isValidAt = (grant: Grant, at: Instant): boolean =>
  grant.validFrom <= at &&
  (grant.validUntil === undefined || at < grant.validUntil) &&
  (grant.revokedAt === undefined || at < grant.revokedAt)

/** The grants with one revoked; one that is not known yet is recorded as revoked from the start. */
export const withRevoked = (
  grants: readonly Grant[],
  revoked: GrantReference,
  reason: EndReason,
  at: Instant,
): readonly Grant[] => {
  const end = { revokedAt: at, revokedFor: reason }
  return grants.some((grant) => isSameGrant(grant, revoked))
    ? grants.map((grant) => (isSameGrant(grant, revoked) && isStanding(grant) ? { ...grant, ...end } : grant))
    : [...grants, { source: revoked.source, ref: revoked.ref, validFrom: at, ...end }]
}

const latest = (instants: readonly Instant[]): Instant | undefined =>
  instants.reduce<Instant | undefined>((last, at) => (last === undefined || at > last ? at : last), undefined)

/** When access ends: undefined when it does not, or when there is none at that instant. */
export const accessUntil = (grants: readonly Grant[], at: Instant): Instant | undefined => {
  const valid = grants.filter((grant) => isValidAt(grant, at))
  const ends = valid.flatMap(({ validUntil }) => validUntil ?? [])
  return ends.length < valid.length ? undefined : latest(ends)
}

/** When access began, whatever became of it. */
export const accessSince = (grants: readonly Grant[]): Instant | undefined =>
  grants.reduce<Instant | undefined>(
    (first, { validFrom }) => (first === undefined || validFrom < first ? validFrom : first),
    undefined,
  )

/** Until when they stand, whenever they begin; `undefined` where one has no end, or where all are revoked. */
export const standingUntil = (grants: readonly Grant[]): Instant | undefined => {
  const standing = grants.filter(isStanding)
  const ends = standing.flatMap(({ validUntil }) => validUntil ?? [])
  return ends.length < standing.length ? undefined : latest(ends)
}

/** When the last of them was revoked or ran out. */
export const lastEnd = (grants: readonly Grant[]): Instant | undefined =>
  latest(grants.flatMap(({ revokedAt, validUntil }) => revokedAt ?? validUntil ?? []))
