import { z } from 'zod'
import { domainError } from '#domain/kernel/errors.ts'
import type { SagaDefinition } from '#domain/kernel/saga.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { sagaDiagram } from '#bus/sagas/diagram.ts'
import { route } from '../../http/route.ts'
import { type Area, type Operations, queryOperation } from '../operations.ts'

const SagaDefinitionNotFound = domainError(
  'SAGA_DEFINITION_NOT_FOUND',
  'not_found',
  (name: string) => `There is no saga definition ${name}.`,
)

export const getSagaDefinition = (
  { service, path, title }: Area,
  definitions: readonly SagaDefinition[],
): Operations => {
  const GetSagaDefinition = query(`${service}.get_saga_definition`, {
    input: z.strictObject({ name: z.string().min(1).max(80) }),
    output: z.object({ name: z.string(), version: z.int(), mermaid: z.string() }),
    errors: [SagaDefinitionNotFound],
    scope: 'sagas:admin',
  })
  return queryOperation(
    queryHandler(GetSagaDefinition, {}, async ({ input }) => {
      const definition = definitions.find(({ name }) => name === input.name)
      if (!definition) throw SagaDefinitionNotFound(input.name)
      return { name: definition.name, version: definition.version, mermaid: sagaDiagram(definition) }
    }),
    route(GetSagaDefinition, {
      method: 'get',
      path: `${path}/definitions/{name}`,
      tag: 'Sagas',
      operationId: `get${title}SagaDefinition`,
      summary: `Get a saga definition of ${service} as a Mermaid diagram`,
    }),
  )
}
