import type { AnyCommandHandler } from '#bus/cqrs/handler.ts'
import { redriveDeadLetter } from '#services/kit/operations/dead-letters/redrive-dead-letter.ts'
import { areaOf } from '#services/kit/operations/operations.ts'
import { cancelSaga } from '#services/kit/operations/sagas/cancel-saga.ts'
import { retrySaga } from '#services/kit/operations/sagas/retry-saga.ts'

/** What an admin may do with the sagas and dead letters of a service. */
export const operationsOf = (service: string): readonly AnyCommandHandler[] => [
  ...redriveDeadLetter(areaOf('dead-letters', service)).commands,
  ...cancelSaga(areaOf('sagas', service)).commands,
  ...retrySaga(areaOf('sagas', service)).commands,
]

/** The names of these commands. */
export const redriveIn = (service: string): string => `${service}.redrive_dead_letter`
export const CANCEL_SAGA = 'learning.cancel_saga'
export const RETRY_SAGA = 'learning.retry_saga'
