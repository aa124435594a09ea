import { AggregateRoot } from '../kernel/aggregate-root.ts'
import { addMs, DAY, type Instant } from '../kernel/clock.ts'
import type { EventDefinition } from '../kernel/event.ts'
import type { CourseId, ReviewId, UserId } from '../kernel/ids.ts'
import { NotEligible, ReviewNotFound, ReviewRemoved, ReviewSettled } from './errors.ts'
import { type ReviewFact, ReviewHidden, ReviewSubmitted, ReviewUpdated } from './events.ts'
import type { ReviewStatus, Stars, Verdict } from './values.ts'

/** How long an author may change what they said. */
export const EDIT_WINDOW_MS = 30 * DAY

/** What an author says. */
export interface Opinion {
  readonly stars: Stars
  readonly text?: string | undefined
}

export interface Reply {
  readonly text: string
  readonly at: Instant
}

export interface ReviewState extends Opinion {
  readonly id: ReviewId
  readonly courseId: CourseId
  readonly authorId: UserId
  readonly status: ReviewStatus
  /** A moderator took it down: its author cannot bring it back. */
  readonly barred: boolean
  readonly submittedAt: Instant
  readonly editedAt?: Instant | undefined
  readonly reply?: Reply | undefined
}

/** What eligibility follows from. */
export interface Standing {
  readonly tutorId: UserId
  readonly hasLearned: boolean
}

export const mayReview = (authorId: UserId, { tutorId, hasLearned }: Standing): boolean =>
  hasLearned && authorId !== tutorId

const visible = ({ status, stars }: ReviewState): Stars | undefined => (status === 'PUBLISHED' ? stars : undefined)

/** What a learner says of a course; one for each author and course. */
export class Review extends AggregateRoot<ReviewState> {
  readonly #seenAtLoad: Stars | undefined = this.version === 0 ? undefined : visible(this.current)

  /** Throws `NotEligible`. */
  static submit(
    named: Pick<ReviewState, 'id' | 'courseId' | 'authorId'>,
    standing: Standing,
    { stars, text }: Opinion,
    at: Instant,
  ): Review {
    if (!mayReview(named.authorId, standing)) throw NotEligible(named.courseId)
    const review = new Review({ ...named, stars, text, status: 'PUBLISHED', barred: false, submittedAt: at }, 0)
    review.tell(ReviewSubmitted, undefined)
    return review
  }

  static restore(state: ReviewState, version: number): Review {
    return new Review(state, version)
  }

  /** How the rating of its course changes with what happened since it was loaded: visible stars before and after. */
  get starMove(): readonly [Stars | undefined, Stars | undefined] {
    return [this.#seenAtLoad, visible(this.state)]
  }

  /**
   * Other words of its author; the same again changes nothing. One that its author had withdrawn begins anew.
   * Throws `ReviewRemoved` where a moderator removed it, `ReviewSettled` after 30 days, `NotEligible` where it begins anew.
   */
  write({ stars, text }: Opinion, standing: Standing, at: Instant): void {
    const { state } = this
    if (state.status === 'REMOVED') {
      if (state.barred) throw ReviewRemoved(this.id)
      if (!mayReview(state.authorId, standing)) throw NotEligible(state.courseId)
      const { id, courseId, authorId } = state
      this.become({ id, courseId, authorId, stars, text, status: 'PUBLISHED', barred: false, submittedAt: at })
      return this.tell(ReviewSubmitted, undefined)
    }
    if (state.stars === stars && state.text === text) return
    const until = addMs(state.submittedAt, EDIT_WINDOW_MS)
    if (at >= until) throw ReviewSettled(this.id, until)
    this.become({ ...state, stars, text, editedAt: at })
    this.tell(ReviewUpdated, visible(state))
  }

  /** Its author takes it back, at any time. Again changes nothing. */
  withdraw(): void {
    this.takeDown('REMOVED', this.state.barred)
  }

  /** Its author is forgotten, and so are their words. */
  erase(): void {
    this.withdraw()
    this.become({ ...this.state, text: undefined })
  }

  /** The tutor who answered is forgotten, and so is the answer. */
  eraseReply(): void {
    const { state } = this
    if (state.reply === undefined) return
    this.become({ ...state, reply: undefined })
    this.tell(ReviewUpdated, visible(state))
  }

  /** Throws `ReviewRemoved` where it is gone for good, or was withdrawn. */
  moderate(verdict: Verdict): void {
    const { state } = this
    if (verdict === 'remove') return this.takeDown('REMOVED', true)
    if (state.status === 'REMOVED') throw ReviewRemoved(this.id)
    if (verdict === 'hide') return this.takeDown('HIDDEN', true)
    if (state.status === 'PUBLISHED') return
    this.become({ ...state, status: 'PUBLISHED', barred: false })
    this.tell(ReviewUpdated, undefined)
  }

  /** The tutor answers; a second answer replaces the first. Throws `ReviewNotFound` where nobody sees the review. */
  reply(text: string, at: Instant): void {
    const { state } = this
    if (state.status !== 'PUBLISHED') throw ReviewNotFound(this.id)
    if (state.reply?.text === text) return
    this.become({ ...state, reply: { text, at } })
    this.tell(ReviewUpdated, state.stars)
  }

  private takeDown(status: 'HIDDEN' | 'REMOVED', barred: boolean): void {
    const { state } = this
    if (state.status === status && state.barred === barred) return
    this.become({ ...state, status, barred })
    if (state.status === 'PUBLISHED') this.tell(ReviewHidden, state.stars)
  }

  private tell(definition: EventDefinition<ReviewFact>, before: Stars | undefined): void {
    const { id, courseId, authorId, stars } = this.state
    const after = visible(this.state)
    this.apply(definition, {
      reviewId: id,
      targetType: 'course',
      targetId: courseId,
      authorId,
      stars,
      delta: {
        count: Number(after !== undefined) - Number(before !== undefined),
        stars: (after ?? 0) - (before ?? 0),
      },
    })
  }
}
