import { Enrollment } from '#domain/learning/enrollment.ts'
import { WaitlistEntry } from '#domain/learning/waitlist.ts'
import type { SeatsOfPerson } from '../../enrollment-ports.ts'
import type { LearningState } from './state.ts'

export const createMemorySeatsOfPerson = ({ enrollments, waitlist }: LearningState): SeatsOfPerson => ({
  seats: async (userId) =>
    [...enrollments.values()]
      .filter(({ state }) => state.studentId === userId && (state.status === 'PENDING' || state.status === 'ACTIVE'))
      .map(({ state, version }) => Enrollment.restore(state, version)),
  places: async (userId) =>
    [...waitlist.values()]
      .filter(({ state }) => state.studentId === userId && (state.status === 'WAITING' || state.status === 'PROMOTED'))
      .map(({ state, version }) => WaitlistEntry.restore(state, version)),
})
