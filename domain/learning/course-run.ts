import { AggregateRoot } from '../kernel/aggregate-root.ts'
import type { Instant } from '../kernel/clock.ts'
import type { CourseId, CourseRunId } from '../kernel/ids.ts'
import { RunCapacityBelowTaken, RunDatesInvalid, RunFull, RunNotOpen } from './errors.ts'
import { CourseRunOpened, CourseRunUpdated } from './events.ts'
import { changedTerms, changeTerms, dateProblems, type RunTerms, type RunTermsChanges } from './run-terms.ts'
import { type Seats, seatsLeft } from './seats.ts'

/**
 * The seat counters are here to be read. They change by `moveSeats` under many writers at once, so a store never writes
 * them with the rest, and they do not raise the version.
 */
export type CourseRunState = RunTerms &
  Seats & {
    readonly id: CourseRunId
    readonly courseId: CourseId
  } & ({ readonly status: 'OPEN' } | { readonly status: 'CLOSED'; readonly closedAt: Instant })

/** One offering of a course: price, dates, seats. A price change counts for later purchases only. */
export class CourseRun extends AggregateRoot<CourseRunState> {
  static open(identity: { readonly id: CourseRunId; readonly courseId: CourseId }, terms: RunTerms): CourseRun {
    assertDates(terms)
    const run = new CourseRun({ ...identity, ...terms, seatsTaken: 0, seatsHeld: 0, waiting: 0, status: 'OPEN' }, 0)
    const { startsAt, endsAt, capacity, price } = terms
    run.apply(CourseRunOpened, {
      courseRunId: identity.id,
      courseId: identity.courseId,
      startsAt,
      endsAt,
      capacity,
      price,
    })
    return run
  }

  static restore(state: CourseRunState, version: number): CourseRun {
    return new CourseRun(state, version)
  }

  get seatsLeft(): number {
    return seatsLeft(this.state)
  }

  /** Whether it takes enrollments at that instant, seats aside. */
  isOpen(at: Instant): boolean {
    const { status, enrollmentOpensAt, enrollmentClosesAt } = this.state
    return status === 'OPEN' && enrollmentOpensAt <= at && at < enrollmentClosesAt
  }

  /** Throws `RunNotOpen` or `RunFull`. The store's conditional counter has the last word on the seat. */
  assertSeatFree(at: Instant): void {
    if (!this.isOpen(at)) throw RunNotOpen(this.id)
    if (this.seatsLeft < 1) throw RunFull(this.id)
  }

  update(changes: RunTermsChanges): void {
    const before = this.state
    if (before.status === 'CLOSED') throw RunNotOpen(this.id)
    const after = changeTerms(before, changes)
    assertDates(after)
    const inUse = before.seatsTaken + before.seatsHeld
    if (after.capacity < inUse) throw RunCapacityBelowTaken(this.id, inUse)
    this.change(after, changedTerms(before, after))
  }

  /** How many waiting learners its free seats fall to. */
  get promotable(): number {
    return Math.min(this.seatsLeft, this.state.waiting)
  }

  /** Takes no further enrollments; those it has stay. */
  close(at: Instant): void {
    if (this.state.status === 'OPEN') this.change({ ...this.state, status: 'CLOSED', closedAt: at }, ['status'])
  }

  private change(state: CourseRunState, changed: string[]): void {
    if (changed.length === 0) return
    this.become(state)
    const { id, courseId } = state
    this.apply(CourseRunUpdated, { courseRunId: id, courseId, version: this.version + 1, changed })
  }
}

const assertDates = (terms: RunTerms): void => {
  const problems = dateProblems(terms)
  if (problems.length > 0) throw RunDatesInvalid(problems)
}
