import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { SagaBeyondPivot, SagaEnded, SagaNotFound } from '#bus/sagas/sagas.ts'
import { route } from '../../http/route.ts'
import { Sagas } from '../../ports.ts'
import { type Area, commandOperation, type Operations } from '../operations.ts'
import { locationIn, partsOf, SagaAccepted, SagaNamed } from './saga-id.ts'

export const cancelSaga = ({ service, path, title }: Area): Operations => {
  const CancelSaga = command(`${service}.cancel_saga`, {
    input: SagaNamed,
    output: SagaAccepted,
    errors: [SagaNotFound, SagaEnded, SagaBeyondPivot],
    scope: 'sagas:admin',
  })
  return commandOperation(
    handler(CancelSaga, { sagas: Sagas }, async ({ input: { sagaId }, tx }, { sagas }) => {
      const { type, key } = partsOf(sagaId)
      await sagas.cancel(tx, type, key)
      return { sagaId }
    }),
    route(CancelSaga, {
      method: 'post',
      path: `${path}/{sagaId}/cancel`,
      tag: 'Sagas',
      operationId: `cancel${title}Saga`,
      summary: `Turn a saga of ${service} back`,
      description: 'Possible before its point of no return: what it has done is undone in reverse.',
      status: 202,
      location: locationIn(path),
    }),
  )
}
