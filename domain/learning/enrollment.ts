import { AggregateRoot } from '../kernel/aggregate-root.ts'
import type { Instant } from '../kernel/clock.ts'
import type { EnrollmentId, PaymentId, UserId } from '../kernel/ids.ts'
import type { CourseRun } from './course-run.ts'
import {
  type EndReason,
  type EnrollmentRecord,
  type EnrollmentState,
  type EnrollmentStatus,
  recordOf,
  seatOf,
} from './enrollment-state.ts'
import {
  AlreadyEnrolled,
  EnrollmentClosed,
  ExtensionInPast,
  GrantRevoked,
  NothingToExtend,
  PaymentMismatch,
} from './errors.ts'
import {
  CourseCompleted,
  EnrollmentCancelled,
  EnrollmentExpired,
  EnrollmentRequested,
  StudentEnrolled,
} from './events.ts'
import {
  type Grant,
  type GrantReference,
  isSameGrant,
  isStanding,
  isValidAt,
  lastEnd,
  standingUntil,
  withRevoked,
} from './grant.ts'
import { type Seat, type SeatMove, seatMoves } from './seats.ts'
import type { WaitlistEntry } from './waitlist.ts'

/**
 * A learner's place in a run. Access follows the grants; facts about grants commute, so that a refund that overtakes
 * its purchase ends where the right order ends.
 */
export class Enrollment extends AggregateRoot<EnrollmentState> {
  readonly #seatAtLoad: Seat = this.version === 0 ? 'none' : seatOf(this.current.status)

  /** Into a free seat, or the one that is held for the learner. Throws `RunNotOpen` or `RunFull`. */
  static request(id: EnrollmentId, run: CourseRun, studentId: UserId, at: Instant, held?: WaitlistEntry): Enrollment {
    if (held?.holdsSeat(at) && run.isOpen(at)) held.enroll(at)
    else run.assertSeatFree(at)
    const { courseId, price } = run.state
    const named = { courseId, courseRunId: run.id, studentId, price }
    const enrollment = new Enrollment(
      { id, ...named, requestedAt: at, paymentId: undefined, grants: [], status: 'PENDING' },
      0,
    )
    enrollment.apply(EnrollmentRequested, { enrollmentId: id, ...named })
    return enrollment
  }

  static restore(state: EnrollmentState, version: number): Enrollment {
    return new Enrollment(state, version)
  }

  get status(): EnrollmentStatus {
    return this.state.status
  }

  /** How the seats of its run change with what happened since it was loaded; to be written in the same flush. */
  get seatMoves(): readonly SeatMove[] {
    return seatMoves(this.#seatAtLoad, seatOf(this.status))
  }

  hasAccess(at: Instant): boolean {
    const { status, grants } = this.state
    return (status === 'ACTIVE' || status === 'COMPLETED') && grants.some((grant) => isValidAt(grant, at))
  }

  /** True while money that was not given back stands for it. */
  get isPaidFor(): boolean {
    return this.state.grants.some(isStandingPurchase)
  }

  /** Remembers what pays for it, whatever its status: the answer may come after the outcome. */
  attachPayment(paymentId: PaymentId): void {
    const known = this.state.paymentId
    if (known !== undefined && known !== paymentId) throw PaymentMismatch(this.id)
    if (known === undefined) this.become({ ...this.state, paymentId })
  }

  /**
   * Adds a grant, with it the access. The same grant again changes nothing. Throws `GrantRevoked` for one revoked
   * beforehand, `EnrollmentClosed` after a cancellation, `AlreadyEnrolled` for a second purchase.
   */
  activate(grant: Grant): void {
    const { state } = this
    const known = state.grants.find((other) => isSameGrant(other, grant))
    if (known && !isStanding(known)) throw GrantRevoked(this.id)
    if (known) return
    if (state.status === 'CANCELLED') throw EnrollmentClosed(this.id, state.status)
    if (grant.source === 'purchase' && state.grants.some(isStandingPurchase)) throw AlreadyEnrolled(state.courseRunId)
    const grants = [...state.grants, grant]
    if (state.status === 'ACTIVE' || state.status === 'COMPLETED') return this.become({ ...state, grants })
    this.become({ ...recordOf(state), grants, status: 'ACTIVE' })
    this.apply(StudentEnrolled, {
      ...names(state),
      paymentId: grant.source === 'purchase' ? state.paymentId : undefined,
      source: grant.source,
      accessUntil: grant.validUntil,
    })
  }

  /**
   * Gives access until then, beside the grants there are; what has expired comes back. The same again changes nothing.
   * Throws `ExtensionInPast`, `NothingToExtend` before access began, and what `activate` throws.
   */
  extend(until: Instant, at: Instant): void {
    if (until <= at) throw ExtensionInPast()
    if (this.status === 'PENDING') throw NothingToExtend(this.id)
    this.activate({ source: 'admin', ref: `${this.id}:${until}`, validFrom: at, validUntil: until })
  }

  /** Ends it with the time of its last grant; before that, and where it is not active, nothing changes. */
  expire(at: Instant): void {
    const { state } = this
    const until = standingUntil(state.grants)
    if (state.status !== 'ACTIVE' || until === undefined || at < until) return
    this.become({ ...recordOf(state), status: 'EXPIRED', expiredAt: lastEnd(state.grants) ?? until })
    this.apply(EnrollmentExpired, names(state))
  }

  /** Takes a grant back, or beforehand; access ends with the last one. */
  revokeGrant(revoked: GrantReference, reason: EndReason, at: Instant): void {
    const before = this.state
    const state = { ...before, grants: withRevoked(before.grants, revoked, reason, at) }
    if (state.status === 'CANCELLED' || state.status === 'COMPLETED' || state.grants.some(isStanding))
      return this.become(state)
    // Read from the grants and not from the clock, so that the order of arrival does not show.
    this.become({ ...recordOf(state), status: 'EXPIRED', expiredAt: lastEnd(state.grants) ?? at })
    if (before.status !== 'EXPIRED') this.tellEnd(reason)
  }

  /** Final; every grant ends with it. Again changes nothing. */
  cancel(reason: EndReason, at: Instant): void {
    const { state } = this
    if (state.status === 'CANCELLED') return
    if (state.status === 'COMPLETED') throw EnrollmentClosed(this.id, state.status)
    const grants = state.grants.map((grant) =>
      isStanding(grant) ? { ...grant, revokedAt: at, revokedFor: reason } : grant,
    )
    this.become({ ...recordOf(state), grants, status: 'CANCELLED', cancelledAt: at, reason })
    if (state.status !== 'EXPIRED') this.tellEnd(reason)
  }

  /** Gives the held seat back when the purchase came to nothing; an enrollment that another grant opened stays. */
  release(reason: EndReason, at: Instant): void {
    if (this.status === 'PENDING') this.cancel(reason, at)
  }

  /**
   * All required lessons are done. Again changes nothing. Throws `EnrollmentClosed` where access has ended meanwhile.
   * @param grade of 100; absent where nothing was graded
   */
  complete(at: Instant, grade?: number): void {
    const { state } = this
    if (state.status === 'COMPLETED') return
    if (state.status !== 'ACTIVE') throw EnrollmentClosed(this.id, state.status)
    this.become({ ...recordOf(state), status: 'COMPLETED', completedAt: at })
    this.apply(CourseCompleted, { ...names(state), grade })
  }

  private tellEnd(reason: EndReason): void {
    this.apply(EnrollmentCancelled, { ...names(this.state), reason })
  }
}

const names = ({ id, courseId, courseRunId, studentId }: EnrollmentRecord) => ({
  enrollmentId: id,
  courseId,
  courseRunId,
  studentId,
})

const isStandingPurchase = (grant: Grant): boolean => grant.source === 'purchase' && isStanding(grant)
