import type { CatalogSource } from '../catalog-source.ts'
import type { CourseView } from '../course-view.ts'

/** The owner's table, as far as a projector sees it. */
export const tableSource = (courses: CourseView[]): CatalogSource => ({
  revisions: async () => new Map(courses.map(({ courseId, revision }) => [courseId, revision])),
  view: async (courseId) => courses.find((course) => course.courseId === courseId),
  subjects: async () => ({
    revision: 1,
    subjects: [
      { slug: 'mathematics', name: 'Mathematics' },
      { slug: 'algebra', name: 'Algebra', parent: 'mathematics' },
    ],
  }),
})
