import { z } from 'zod'
import { AggregateRoot } from '../kernel/aggregate-root.ts'
import { addMs, HOUR, type Instant } from '../kernel/clock.ts'
import type { CourseRunId, UserId, WaitlistEntryId } from '../kernel/ids.ts'
import type { CourseRun } from './course-run.ts'
import { NotOnWaitlist, RunNotFull, RunNotOpen } from './errors.ts'
import { WaitlistPromoted } from './events.ts'
import { type Seat, type SeatMove, seatMoves } from './seats.ts'

/** How long a seat is kept for a learner who was promoted. */
export const SEAT_HOLD_MS = 24 * HOUR

export const WaitlistStatus = z.enum(['WAITING', 'PROMOTED', 'ENROLLED', 'LEFT', 'LAPSED'])
export type WaitlistStatus = z.infer<typeof WaitlistStatus>

interface WaitlistRecord {
  readonly id: WaitlistEntryId
  readonly courseRunId: CourseRunId
  readonly studentId: UserId
  readonly joinedAt: Instant
}

/** WAITING for a seat, PROMOTED while one is held; the others are final. */
export type WaitlistState = WaitlistRecord &
  (
    | { readonly status: 'WAITING' | 'ENROLLED' | 'LEFT' | 'LAPSED' }
    | { readonly status: 'PROMOTED'; readonly holdUntil: Instant }
  )

const SEATS: Readonly<Record<WaitlistStatus, Seat>> = {
  WAITING: 'waiting',
  PROMOTED: 'held',
  ENROLLED: 'none',
  LEFT: 'none',
  LAPSED: 'none',
}

/** A learner's place on the waitlist of a full run. The seat that falls to it is held for them alone. */
export class WaitlistEntry extends AggregateRoot<WaitlistState> {
  readonly #seatAtLoad: Seat = this.version === 0 ? 'none' : SEATS[this.current.status]

  /** Throws `RunNotOpen`, or `RunNotFull` where a seat can be had at once. */
  static join(id: WaitlistEntryId, run: CourseRun, studentId: UserId, at: Instant): WaitlistEntry {
    if (!run.isOpen(at)) throw RunNotOpen(run.id)
    if (run.seatsLeft > 0) throw RunNotFull(run.id)
    return new WaitlistEntry({ id, courseRunId: run.id, studentId, joinedAt: at, status: 'WAITING' }, 0)
  }

  static restore(state: WaitlistState, version: number): WaitlistEntry {
    return new WaitlistEntry(state, version)
  }

  get status(): WaitlistStatus {
    return this.state.status
  }

  /** How the counters of its run change with what happened since it was loaded. */
  get seatMoves(): readonly SeatMove[] {
    return seatMoves(this.#seatAtLoad, SEATS[this.status])
  }

  holdsSeat(at: Instant): boolean {
    return this.state.status === 'PROMOTED' && at < this.state.holdUntil
  }

  /** Gives it a seat that became free. Throws `NotOnWaitlist` when it does not wait. */
  promote(at: Instant): void {
    if (this.state.status !== 'WAITING') throw NotOnWaitlist(this.state.courseRunId)
    const { courseRunId, studentId } = this.state
    const holdUntil = addMs(at, SEAT_HOLD_MS)
    this.become({ ...recordOf(this.state), status: 'PROMOTED', holdUntil })
    this.apply(WaitlistPromoted, { courseRunId, studentId, holdUntil })
  }

  /** Hands the held seat over to an enrollment. Throws `NotOnWaitlist` when none is held any more. */
  enroll(at: Instant): void {
    if (!this.holdsSeat(at)) throw NotOnWaitlist(this.state.courseRunId)
    this.become({ ...recordOf(this.state), status: 'ENROLLED' })
  }

  /** Throws `NotOnWaitlist` when it has ended. */
  leave(): void {
    if (this.status !== 'WAITING' && this.status !== 'PROMOTED') throw NotOnWaitlist(this.state.courseRunId)
    this.become({ ...recordOf(this.state), status: 'LEFT' })
  }

  /** Gives the held seat up when its time is over; before that, and when it has ended, nothing changes. */
  lapse(at: Instant): void {
    if (!this.holdsSeat(at)) this.withdraw()
  }

  /** Gives the held seat up, whatever time is left. Again changes nothing. */
  withdraw(): void {
    if (this.state.status === 'PROMOTED') this.become({ ...recordOf(this.state), status: 'LAPSED' })
  }
}

const recordOf = ({ id, courseRunId, studentId, joinedAt }: WaitlistState): WaitlistRecord => ({
  id,
  courseRunId,
  studentId,
  joinedAt,
})
