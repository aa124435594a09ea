import { type BenchCourse, startLearning } from '../learning.ts'

/** In flight at any time, and connections of each side's pool. */
export const AT_ONCE = 16
const COURSES = 100

/** Courses to enroll in, made by the service itself; every side has its own. */
export const openCourses = async (url: string): Promise<readonly BenchCourse[]> => {
  const { database, openCourse } = startLearning(url, AT_ONCE)
  const courses = await Promise.all(Array.from({ length: COURSES }, () => openCourse()))
  await database.close()
  return courses
}
