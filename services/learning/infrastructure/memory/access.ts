import type { AccessQueries } from '../../enrollment-ports.ts'
import type { LearningState } from './state.ts'

export const createMemoryAccess = ({ enrollments }: LearningState): AccessQueries => ({
  places: async (courseId, studentId) =>
    [...enrollments.values()]
      .map(({ state }) => state)
      .filter((state) => state.courseId === courseId && state.studentId === studentId)
      .filter(({ status }) => status === 'ACTIVE' || status === 'COMPLETED')
      .map(({ id, grants }) => ({ enrollmentId: id, grants })),
})
