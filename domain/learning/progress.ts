import { AggregateRoot } from '../kernel/aggregate-root.ts'
import type { Instant } from '../kernel/clock.ts'
import type { CourseId, EnrollmentId, LessonId, UserId } from '../kernel/ids.ts'
import type { Lesson, Section } from './curriculum.ts'
import { LessonGated, LessonNotFound, QuizNotPassed } from './errors.ts'
import { LessonCompleted } from './events.ts'

export interface CompletedLesson {
  readonly lessonId: LessonId
  readonly completedAt: Instant
}

export interface ProgressState {
  readonly id: EnrollmentId
  readonly courseId: CourseId
  readonly studentId: UserId
  /** In the order of completion. */
  readonly completed: readonly CompletedLesson[]
  /** When the last required lesson was done; it stays, whatever is published later. */
  readonly finishedAt: Instant | undefined
}

const lessonsOf = (sections: readonly Section[]): Lesson[] => sections.flatMap(({ lessons }) => lessons)

/** The lessons that count: the required ones, or all of a course that requires none. */
const counted = (lessons: readonly Lesson[]): readonly Lesson[] => {
  const required = lessons.filter(({ optional }) => !optional)
  return required.length > 0 ? required : lessons
}

/**
 * How far a learner has come in a course. Lessons are only ever added. They are counted against what is published now: a
 * lesson that is published later counts for whoever has not finished, and takes nothing from those who have.
 */
export class Progress extends AggregateRoot<ProgressState> {
  readonly #storedCount = this.version === 0 ? 0 : this.current.completed.length

  static begin(of: Pick<ProgressState, 'id' | 'courseId' | 'studentId'>): Progress {
    const { id, courseId, studentId } = of
    return new Progress({ id, courseId, studentId, completed: [], finishedAt: undefined }, 0)
  }

  static restore(state: ProgressState, version: number): Progress {
    return new Progress(state, version)
  }

  /** The lessons completed since it was loaded. */
  get added(): readonly CompletedLesson[] {
    return this.state.completed.slice(this.#storedCount)
  }

  /**
   * Again changes nothing, but for finishing where it was the last. Throws `LessonNotFound`, `LessonGated`,
   * `QuizNotPassed`.
   * @param quiz of the lesson: `open` while the learner has not passed it; a lesson without one has nothing to pass
   */
  complete(lessonId: LessonId, sections: readonly Section[], at: Instant, quiz: 'open' | 'passed' = 'passed'): void {
    const lessons = lessonsOf(sections)
    const place = lessons.findIndex(({ id }) => id === lessonId)
    const lesson = lessons[place]
    if (!lesson) throw LessonNotFound(lessonId)
    const done = this.#done()
    if (!done.has(lessonId)) {
      if (lesson.gated && lessons.slice(0, place).some(({ id, optional }) => !optional && !done.has(id)))
        throw LessonGated(lessonId)
      if (quiz === 'open') throw QuizNotPassed(lessonId)
      const { state } = this
      done.add(lessonId)
      this.become({ ...state, completed: [...state.completed, { lessonId, completedAt: at }] })
      const { id: enrollmentId, courseId, studentId } = state
      const progressPct = this.percentOf(sections)
      this.apply(LessonCompleted, { enrollmentId, courseId, lessonId, studentId, progressPct })
    }
    const { state } = this
    if (state.finishedAt === undefined && counted(lessons).every(({ id }) => done.has(id)))
      this.become({ ...state, finishedAt: at })
  }

  /** Of what counts in these sections, rounded down: 100 is all of it. Whoever has finished keeps the 100. */
  percentOf(sections: readonly Section[]): number {
    if (this.state.finishedAt !== undefined) return 100
    const lessons = counted(lessonsOf(sections))
    if (lessons.length === 0) return 0
    const done = this.#done()
    return Math.floor((100 * lessons.filter(({ id }) => done.has(id)).length) / lessons.length)
  }

  #done(): Set<LessonId> {
    return new Set(this.state.completed.map(({ lessonId }) => lessonId))
  }
}
