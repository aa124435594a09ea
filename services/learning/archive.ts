import type { Instant } from '#domain/kernel/clock.ts'
import type { Course } from '#domain/learning/course.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import type { CourseRepository, CourseRunRepository } from './ports.ts'

/** Final, and its runs take no further enrollments. */
export const archive = async (
  tx: UnitOfWork,
  course: Course,
  { courses, runs }: { readonly courses: CourseRepository; readonly runs: CourseRunRepository },
  at: Instant,
): Promise<void> => {
  const offered = await runs.ofCourse(course.id)
  course.archive(at)
  courses.save(tx, course)
  for (const run of offered) {
    run.close(at)
    runs.save(tx, run)
  }
}
