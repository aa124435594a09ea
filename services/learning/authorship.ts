import type { CourseId, CourseRunId, LessonId, UserId } from '#domain/kernel/ids.ts'
import type { Course } from '#domain/learning/course.ts'
import type { CourseRun } from '#domain/learning/course-run.ts'
import { CourseNotFound, LessonNotFound, RunNotFound } from '#domain/learning/errors.ts'
import { type Actor, hasRole } from '#bus/cqrs/actor.ts'
import { Unauthenticated, VersionMismatch } from '#bus/cqrs/errors.ts'
import type { CourseRepository, CourseRunRepository } from './ports.ts'
import type { QuizRepository } from './quiz-ports.ts'
import { signedIn } from './signed-in.ts'

/** Whose courses an actor reads: their own, or everybody's (undefined) for staff and services. */
export const viewerOf = (actor: Actor): UserId | undefined => {
  if (actor.kind === 'anonymous') throw Unauthenticated()
  if (actor.kind === 'service' || hasRole(actor, 'admin') || hasRole(actor, 'support')) return undefined
  return actor.userId
}

/** The course, for somebody who may change it. Throws `CourseNotFound` or `NotCourseOwner`. */
export const editableCourse = async (courses: CourseRepository, courseId: CourseId, actor: Actor): Promise<Course> => {
  const editor = signedIn(actor)
  const course = await courses.load(courseId)
  if (!course) throw CourseNotFound(courseId)
  course.assertEditableBy(editor)
  return course
}

interface RunStores {
  readonly courses: CourseRepository
  readonly runs: CourseRunRepository
}

/** The run, for somebody who may change it; one of a foreign draft answers as a missing one. */
export const editableRun = async (
  { courses, runs }: RunStores,
  courseRunId: CourseRunId,
  actor: Actor,
): Promise<CourseRun> => {
  const run = await runs.load(courseRunId)
  if (!run) throw RunNotFound(courseRunId)
  try {
    await editableCourse(courses, run.state.courseId, actor)
  } catch (error) {
    throw CourseNotFound.is(error) ? RunNotFound(courseRunId) : error
  }
  return run
}

interface LessonStores {
  readonly courses: CourseRepository
  readonly quizzes: Pick<QuizRepository, 'courseOfLesson'>
}

/** The course of the lesson, for somebody who may change it; one of a foreign draft answers as a missing one. */
export const editableLesson = async (
  { courses, quizzes }: LessonStores,
  lessonId: LessonId,
  actor: Actor,
): Promise<CourseId> => {
  const courseId = await quizzes.courseOfLesson(lessonId)
  if (!courseId) throw LessonNotFound(lessonId)
  try {
    await editableCourse(courses, courseId, actor)
    return courseId
  } catch (error) {
    throw CourseNotFound.is(error) ? LessonNotFound(lessonId) : error
  }
}

/** Throws `VersionMismatch` where the caller has read another version than this one. */
export const assertVersion = ({ version }: { readonly version: number }, expected: number): void => {
  if (version !== expected) throw VersionMismatch(version)
}
