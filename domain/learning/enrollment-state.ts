import { z } from 'zod'
import type { Instant } from '../kernel/clock.ts'
import type { CourseId, CourseRunId, EnrollmentId, PaymentId, UserId } from '../kernel/ids.ts'
import type { Money } from '../kernel/money.ts'
import type { Grant } from './grant.ts'
import type { Seat } from './seats.ts'

export const EnrollmentStatus = z.enum(['PENDING', 'ACTIVE', 'COMPLETED', 'CANCELLED', 'EXPIRED'])
export type EnrollmentStatus = z.infer<typeof EnrollmentStatus>

/** Why an enrollment ended. */
export const EndReason = z.enum([
  'cancelled',
  'payment_failed',
  'payment_timeout',
  'activation_declined',
  'refunded',
  'charged_back',
  'revoked',
  'erased',
  'expired',
])
export type EndReason = z.infer<typeof EndReason>

/** What holds in every status. */
export interface EnrollmentRecord {
  readonly id: EnrollmentId
  readonly courseId: CourseId
  readonly courseRunId: CourseRunId
  readonly studentId: UserId
  /** Frozen at the request. */
  readonly price: Money
  readonly requestedAt: Instant
  readonly paymentId: PaymentId | undefined
  readonly grants: readonly Grant[]
}

/** CANCELLED is final. EXPIRED has lost its grants; a new grant opens it again. */
export type EnrollmentState = EnrollmentRecord &
  (
    | { readonly status: 'PENDING' }
    | { readonly status: 'ACTIVE' }
    | { readonly status: 'COMPLETED'; readonly completedAt: Instant }
    | { readonly status: 'CANCELLED'; readonly cancelledAt: Instant; readonly reason: EndReason }
    | { readonly status: 'EXPIRED'; readonly expiredAt: Instant }
  )

/** The state without what its status adds. */
export const recordOf = ({
  id,
  courseId,
  courseRunId,
  studentId,
  price,
  requestedAt,
  paymentId,
  grants,
}: EnrollmentState): EnrollmentRecord => ({
  id,
  courseId,
  courseRunId,
  studentId,
  price,
  requestedAt,
  paymentId,
  grants,
})

const SEATS: Readonly<Record<EnrollmentStatus, Seat>> = {
  PENDING: 'held',
  ACTIVE: 'taken',
  COMPLETED: 'taken',
  CANCELLED: 'none',
  EXPIRED: 'none',
}

export const seatOf = (status: EnrollmentStatus): Seat => SEATS[status]
