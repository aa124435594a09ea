import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { archive } from '../archive.ts'
import { CourseRuns, Courses } from '../ports.ts'

export const retireCourse = answer(
  Learning.RetireCourse,
  { courses: Courses, runs: CourseRuns },
  async ({ data: { courseId }, tx }, deps) => {
    const course = await deps.courses.load(courseId)
    if (course?.state.status !== 'PUBLISHED') return { archived: false }
    await archive(tx, course, deps)
    return { archived: true }
  },
)
