import type { Course } from '#domain/learning/course.ts'
import { Learning } from '#bus/patterns/learning.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import type { CourseRepository, CourseRunRepository } from './ports.ts'

/** Final, and its runs take no further enrollments; nobody waits for a seat in them any more. */
export const archive = async (
  tx: UnitOfWork,
  course: Course,
  { courses, runs }: { readonly courses: CourseRepository; readonly runs: CourseRunRepository },
): Promise<void> => {
  const offered = await runs.ofCourse(course.id)
  course.archive(tx.now)
  courses.save(tx, course)
  for (const run of offered) {
    const { id: courseRunId } = run
    run.close(tx.now)
    runs.save(tx, run)
    // Whoever joined meanwhile is seen by then, and nobody joins any more.
    tx.send(Learning.CloseWaitlist, { courseRunId }, { key: courseRunId, idempotencyKey: `close/${courseRunId}` })
  }
}
