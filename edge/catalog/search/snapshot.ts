import type { IndexedCourse } from './indexed-course.ts'
import type { Taxonomy } from './taxonomy.ts'

/** The whole catalog as one isolate knows it; a change makes a new one. */
export interface Snapshot {
  readonly courses: readonly IndexedCourse[]
  readonly taxonomy: Taxonomy
}
