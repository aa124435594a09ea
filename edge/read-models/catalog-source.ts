import type { CourseView } from './course-view.ts'
import type { SubjectTaxonomy } from './subjects.ts'

/** The owner's tables, as the projector reads them. */
export interface CatalogSource {
  /** Course id -> revision, of every course that was ever published (archived ones keep their tombstones). */
  revisions(): Promise<ReadonlyMap<string, number>>
  /** View and revision in one snapshot; undefined when the course is gone or was never published. */
  view(courseId: string): Promise<CourseView | undefined>
  subjects(): Promise<SubjectTaxonomy>
}
