import { type SQL, sql, type InferSelectModel } from 'drizzle-orm'
import { z } from 'zod'
import type { EnrollmentRecord, EnrollmentState } from '#domain/learning/enrollment-state.ts'
import { Grant, standingUntil } from '#domain/learning/grant.ts'
import { enrollmentGrants, enrollments } from './schema.ts'

/** One row with the grants of its enrollment, as `grantsOf` reads them. */
export type EnrollmentRow = InferSelectModel<typeof enrollments> & { readonly grants: unknown }

const instant = (column: SQL | (typeof enrollmentGrants)['validFrom' | 'validUntil' | 'revokedAt']) =>
  sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** The grants of the enrollment at hand as JSON, read in the same statement. */
export const grantsOf = sql<unknown>`(
  select coalesce(json_agg(json_strip_nulls(json_build_object(
    'source', ${enrollmentGrants.source}, 'ref', ${enrollmentGrants.ref},
    'validFrom', ${instant(enrollmentGrants.validFrom)}, 'validUntil', ${instant(enrollmentGrants.validUntil)},
    'revokedAt', ${instant(enrollmentGrants.revokedAt)}, 'revokedFor', ${enrollmentGrants.revokedFor}
  )) order by ${enrollmentGrants.validFrom}, ${enrollmentGrants.ref}), '[]')
  from ${enrollmentGrants} where ${enrollmentGrants.enrollmentId} = ${enrollments.id})`.as('grants')

export const Grants = z.array(Grant)

const recordOf = (row: EnrollmentRow): EnrollmentRecord => ({
  id: row.id,
  courseId: row.courseId,
  courseRunId: row.courseRunId,
  studentId: row.studentId,
  price: { amount: row.priceAmount, currency: row.priceCurrency },
  requestedAt: row.requestedAt,
  paymentId: row.paymentId ?? undefined,
  grants: Grants.parse(row.grants),
})

export const stateOf = (row: EnrollmentRow): EnrollmentState => {
  const record = recordOf(row)
  const { status, completedAt, cancelledAt, endReason, expiredAt } = row
  if (status === 'PENDING' || status === 'ACTIVE') return { ...record, status }
  if (status === 'COMPLETED' && completedAt !== null) return { ...record, status, completedAt }
  if (status === 'EXPIRED' && expiredAt !== null) return { ...record, status, expiredAt }
  if (status === 'CANCELLED' && cancelledAt !== null && endReason !== null)
    return { ...record, status, cancelledAt, reason: endReason }
  throw new Error(`${row.id} is ${status} and lacks what that takes.`)
}

/** The values of a row, for the write templates. */
export const enrollmentValues = (state: EnrollmentState): Record<string, unknown> => ({
  id: state.id,
  courseId: state.courseId,
  courseRunId: state.courseRunId,
  studentId: state.studentId,
  status: state.status,
  priceAmount: state.price.amount,
  priceCurrency: state.price.currency,
  requestedAt: state.requestedAt,
  paymentId: state.paymentId,
  completedAt: state.status === 'COMPLETED' ? state.completedAt : undefined,
  cancelledAt: state.status === 'CANCELLED' ? state.cancelledAt : undefined,
  endReason: state.status === 'CANCELLED' ? state.reason : undefined,
  expiredAt: state.status === 'EXPIRED' ? state.expiredAt : undefined,
  standsUntil: standingUntil(state.grants),
})
