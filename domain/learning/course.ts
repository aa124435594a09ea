import { AggregateRoot } from '../kernel/aggregate-root.ts'
import type { Instant } from '../kernel/clock.ts'
import type { CourseId, UserId } from '../kernel/ids.ts'
import {
  changedDetails,
  changeDetails,
  type CourseDetails,
  type DetailChanges,
  type DraftDetails,
} from './course-details.ts'
import type { CourseRun } from './course-run.ts'
import type { Curriculum } from './curriculum.ts'
import { CourseIsArchived, CourseNotFound, CourseNotPublishable, CourseNotPublished, NotCourseOwner } from './errors.ts'
import { CourseArchived, CourseCreated, CoursePublished, CourseUpdated } from './events.ts'
import { publishable } from './publication.ts'
import type { Slug } from './slug.ts'

interface CourseIdentity {
  readonly id: CourseId
  readonly tutorId: UserId
  readonly slug: Slug
  /** Slugs it was public under; they redirect, and never pass to another course. */
  readonly formerSlugs: readonly Slug[]
  readonly createdAt: Instant
}

/** The status decides the fields: what is public has a title, a subject and a date. */
export type CourseState = CourseIdentity &
  (
    | { readonly status: 'DRAFT'; readonly details: DraftDetails }
    | { readonly status: 'PUBLISHED'; readonly details: CourseDetails; readonly publishedAt: Instant }
    | {
        readonly status: 'ARCHIVED'
        readonly details: CourseDetails
        readonly publishedAt: Instant
        readonly archivedAt: Instant
      }
  )

export interface CourseChanges extends DetailChanges {
  /** Must be free (`SlugTaken` is the store's to raise); a former slug of the course itself is. */
  readonly slug?: Slug
}

/** Who wants to change a course. */
export interface Editor {
  readonly userId: UserId
  readonly roles: readonly string[]
}

/**
 * What is taught and by whom. Dates, price and seats are the runs', the lessons are the curriculum's. The revision that
 * the public catalog is written under spans all three, so it is the store's and not a part of any of them.
 */
export class Course extends AggregateRoot<CourseState> {
  static create(
    identity: { readonly id: CourseId; readonly tutorId: UserId; readonly slug: Slug },
    details: DraftDetails,
    at: Instant,
  ): Course {
    const course = new Course({ ...identity, formerSlugs: [], createdAt: at, status: 'DRAFT', details }, 0)
    const { title, subject, language } = details
    course.apply(CourseCreated, {
      courseId: identity.id,
      tutorId: identity.tutorId,
      title,
      subject,
      language,
      slug: identity.slug,
    })
    return course
  }

  static restore(state: CourseState, version: number): Course {
    return new Course(state, version)
  }

  /** A foreign draft answers as a missing one; a public course may say whose it is. */
  assertEditableBy(editor: Editor): void {
    if (editor.userId === this.state.tutorId || editor.roles.includes('admin')) return
    throw this.state.status === 'DRAFT' ? CourseNotFound(this.id) : NotCourseOwner(this.id)
  }

  assertNotArchived(): void {
    if (this.state.status === 'ARCHIVED') throw CourseIsArchived(this.id)
  }

  update({ slug = this.state.slug, ...changes }: CourseChanges): void {
    this.assertNotArchived()
    const before = this.state
    this.become(withDetails({ ...before, slug, formerSlugs: formerSlugs(before, slug) }, changes))
    const changed = changedDetails(before.details, this.state.details)
    if (slug !== before.slug) changed.push('slug')
    if (changed.length > 0) this.apply(CourseUpdated, { courseId: this.id, version: this.version + 1, changed })
  }

  /** Shows it to the public; again after changes to the curriculum. Throws `CourseNotPublishable` with all it lacks. */
  publish(curriculum: Curriculum, runs: readonly CourseRun[], at: Instant): void {
    this.assertNotArchived()
    const { state } = this
    const offer = publishable(state.details, curriculum, runs, at)
    if ('missing' in offer) throw CourseNotPublishable(this.id, offer.missing)
    const { details, priceFrom } = offer
    const publishedAt = state.status === 'DRAFT' ? at : state.publishedAt
    this.become({ ...state, status: 'PUBLISHED', details, publishedAt })
    this.apply(CoursePublished, {
      courseId: this.id,
      version: this.version + 1,
      slug: state.slug,
      subject: details.subject,
      tutorId: state.tutorId,
      priceFrom,
    })
  }

  /** Final. Its runs are to be closed with it. */
  archive(at: Instant): void {
    const { state } = this
    if (state.status === 'ARCHIVED') return
    if (state.status === 'DRAFT') throw CourseNotPublished(this.id)
    this.become({ ...state, status: 'ARCHIVED', archivedAt: at })
    this.apply(CourseArchived, { courseId: this.id, slug: state.slug })
  }
}

/** The same change once for each shape: a public course keeps its title and subject. */
const withDetails = (state: CourseState, changes: DetailChanges): CourseState =>
  state.status === 'DRAFT'
    ? { ...state, details: changeDetails(state.details, changes) }
    : { ...state, details: changeDetails(state.details, changes) }

const formerSlugs = ({ status, slug: current, formerSlugs: former }: CourseState, next: Slug): readonly Slug[] =>
  status === 'DRAFT' || next === current ? former : [...former.filter((slug) => slug !== next), current]
