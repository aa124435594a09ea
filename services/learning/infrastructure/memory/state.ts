import type { CourseRun, CourseRunState } from '#domain/learning/course-run.ts'
import type { EnrollmentState } from '#domain/learning/enrollment-state.ts'
import type { OfferedCourse } from '../../enrollment-ports.ts'
import type { WaitlistState } from '#domain/learning/waitlist.ts'

interface Stored<State> {
  readonly state: State
  readonly version: number
}

/** What the learning service has stored for enrolling; it outlives the process that wrote it. */
export interface LearningState {
  /** What all runs are of. */
  readonly course: OfferedCourse
  readonly runs: Map<string, Stored<CourseRunState>>
  readonly enrollments: Map<string, Stored<EnrollmentState>>
  readonly waitlist: Map<string, Stored<WaitlistState>>
}

/** @param runs of a public course, as they were opened */
export const createLearningState = (course: OfferedCourse, runs: readonly CourseRun[]): LearningState => ({
  course,
  runs: new Map(runs.map(({ id, state }) => [id, { state, version: 1 }])),
  enrollments: new Map(),
  waitlist: new Map(),
})
