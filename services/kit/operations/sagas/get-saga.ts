import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { SagaNotFound } from '#bus/sagas/sagas.ts'
import { route } from '../../http/route.ts'
import { SagaStore } from '../../ports.ts'
import { type Area, type Operations, queryOperation } from '../operations.ts'
import { partsOf, SagaNamed } from './saga-id.ts'
import { SagaView, sagaViewOf } from './saga-view.ts'

export const getSaga = ({ service, path, title }: Area): Operations => {
  const GetSaga = query(`${service}.get_saga`, {
    input: SagaNamed,
    output: SagaView,
    errors: [SagaNotFound],
    scope: 'sagas:admin',
  })
  return queryOperation(
    queryHandler(GetSaga, { sagas: SagaStore }, async ({ input: { sagaId } }, { sagas }) => {
      const { type, key } = partsOf(sagaId)
      const found = await sagas.load(type, key)
      if (!found) throw SagaNotFound(sagaId)
      return sagaViewOf(found.instance, await sagas.journal(type, key))
    }),
    route(GetSaga, {
      method: 'get',
      path: `${path}/{sagaId}`,
      tag: 'Sagas',
      operationId: `get${title}Saga`,
      summary: `Get a saga of ${service} with its journal`,
    }),
  )
}
