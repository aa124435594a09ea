import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { SagaEnded, SagaNotFound } from '#bus/sagas/sagas.ts'
import { route } from '../../http/route.ts'
import { Sagas } from '../../ports.ts'
import { type Area, commandOperation, type Operations } from '../operations.ts'
import { locationIn, partsOf, SagaAccepted, SagaNamed } from './saga-id.ts'

export const retrySaga = ({ service, path, title }: Area): Operations => {
  const RetrySaga = command(`${service}.retry_saga`, {
    input: SagaNamed,
    output: SagaAccepted,
    errors: [SagaNotFound, SagaEnded],
    scope: 'sagas:admin',
  })
  return commandOperation(
    handler(RetrySaga, { sagas: Sagas }, async ({ input: { sagaId }, tx }, { sagas }) => {
      const { type, key } = partsOf(sagaId)
      await sagas.retry(tx, type, key)
      return { sagaId }
    }),
    route(RetrySaga, {
      method: 'post',
      path: `${path}/{sagaId}/retry`,
      tag: 'Sagas',
      operationId: `retry${title}Saga`,
      summary: `Send the unanswered requests of a saga of ${service} again`,
      description: 'They keep their idempotency keys. A parked saga goes on from where it stopped.',
      status: 202,
      location: locationIn(path),
    }),
  )
}
