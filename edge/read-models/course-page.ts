import { z } from 'zod'
import { CourseView } from './course-view.ts'

/** The public page of one course. Nothing in it depends on the clock: whether a run is open follows from its window. */
export const CoursePage = CourseView.omit({
  courseId: true,
  revision: true,
  status: true,
  formerSlugs: true,
  reviews: true,
}).extend({ id: CourseView.shape.courseId, lessonCount: z.int().min(0) })
export type CoursePage = z.infer<typeof CoursePage>

export function coursePage(view: CourseView): CoursePage {
  const { courseId: id, revision: _, status: __, formerSlugs: ___, reviews: ____, ...page } = view
  return { id, ...page, lessonCount: view.sections.reduce((count, section) => count + section.lessons.length, 0) }
}
