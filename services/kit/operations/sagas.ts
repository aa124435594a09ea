import type { SagaDefinition } from '#domain/kernel/saga.ts'
import { areaOf, combined, type Operations } from './operations.ts'
import { cancelSaga } from './sagas/cancel-saga.ts'
import { getSaga } from './sagas/get-saga.ts'
import { getSagaDefinition } from './sagas/get-saga-definition.ts'
import { listSagas } from './sagas/list-sagas.ts'
import { retrySaga } from './sagas/retry-saga.ts'

/**
 * The operations on one service's sagas, under `/v1/sagas/{service}`: list, get with the journal, retry, cancel, and a
 * diagram of each definition.
 * @example
 * const sagas = sagaOperations('learning', [CourseEnrollment])
 * defineService({ commands: [...sagas.commands], queries: [...sagas.queries], routes: [...sagas.routes] })
 */
export const sagaOperations = (service: string, definitions: readonly SagaDefinition[]): Operations => {
  const area = areaOf('sagas', service)
  return combined([
    listSagas(area, definitions),
    getSaga(area),
    retrySaga(area),
    cancelSaga(area),
    getSagaDefinition(area, definitions),
  ])
}
