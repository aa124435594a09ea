import { courseCard } from '#edge/read-models/course-card.ts'
import type { CourseView } from '#edge/read-models/course-view.ts'
import type { Subject } from '#edge/read-models/subjects.ts'
import type { CatalogFilter } from '../query/catalog-filter.ts'
import { indexedCourse } from '../search/indexed-course.ts'
import type { Snapshot } from '../search/snapshot.ts'
import { Taxonomy } from '../search/taxonomy.ts'

export const snapshotOf = (views: readonly CourseView[], subjects: readonly Subject[] = []): Snapshot => ({
  courses: views.map((view) => indexedCourse(courseCard(view))),
  taxonomy: new Taxonomy(subjects),
})

export const noFilter: CatalogFilter = {
  subject: [],
  level: [],
  language: [],
  tutor: [],
  pacing: [],
  availability: [],
  free: false,
}
