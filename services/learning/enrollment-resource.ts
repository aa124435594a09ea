import { z } from 'zod'
import { Instant } from '#domain/kernel/clock.ts'
import { CourseId, CourseRunId, EnrollmentId, PaymentId, UserId } from '#domain/kernel/ids.ts'
import { Money } from '#domain/kernel/money.ts'
import { EndReason, type EnrollmentState, EnrollmentStatus } from '#domain/learning/enrollment-state.ts'
import { accessUntil, type Grant, isStanding, isValidAt } from '#domain/learning/grant.ts'

/** What HTTP shows of an enrollment. It has no ETag: access ends with time, without a new version. */
export const EnrollmentResource = z.object({
  enrollmentId: EnrollmentId,
  courseId: CourseId,
  courseRunId: CourseRunId,
  studentId: UserId,
  status: EnrollmentStatus,
  price: Money,
  requestedAt: Instant,
  /** Present once the payment is open: pay with it, or follow it. */
  paymentId: PaymentId.optional(),
  hasAccess: z.boolean(),
  /** Absent where access does not end, or is not there. */
  accessUntil: Instant.optional(),
  /** Why it ended. */
  endReason: EndReason.optional(),
})
export type EnrollmentResource = z.infer<typeof EnrollmentResource>

const endOf = ({ revokedAt, validUntil }: Grant): Instant => revokedAt ?? validUntil ?? ''

/** Access follows the grants, so the one that ended last says why it ended. */
const expiryReason = (grants: readonly Grant[]): EndReason | undefined => {
  const [last] = grants.toSorted((a, b) => (endOf(a) < endOf(b) ? 1 : -1))
  if (last === undefined) return undefined
  return isStanding(last) ? 'expired' : last.revokedFor
}

const endReasonOf = (state: EnrollmentState): EndReason | undefined => {
  if (state.status === 'CANCELLED') return state.reason
  return state.status === 'EXPIRED' ? expiryReason(state.grants) : undefined
}

export const enrollmentResource = (state: EnrollmentState, now: Instant): EnrollmentResource => {
  const { id, courseId, courseRunId, studentId, status, price, requestedAt, paymentId, grants } = state
  const isLive = status === 'ACTIVE' || status === 'COMPLETED'
  return {
    enrollmentId: id,
    courseId,
    courseRunId,
    studentId,
    status,
    price,
    requestedAt,
    paymentId,
    hasAccess: isLive && grants.some((grant) => isValidAt(grant, now)),
    accessUntil: isLive ? accessUntil(grants, now) : undefined,
    endReason: endReasonOf(state),
  }
}
