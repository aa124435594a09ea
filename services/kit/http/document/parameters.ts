import { outputHeadersOf } from '../bus-answer.ts'
import { pathParametersOf } from '../input.ts'
import type { Field, JsonSchema } from '../json-schema.ts'
import type { Operation } from '../operation.ts'
import { parameterRef } from './components.ts'
import type { Examples } from './examples.ts'
import type { SchemaComponents } from './schemas.ts'
import type { ParameterObject } from './types.ts'

type BusOperation = Extract<Operation, { readonly input: object }>
type RawOperation = Exclude<Operation, BusOperation>

/** A part of a schema that can stand alone: it takes the shared definitions along. */
export const detach = (schema: JsonSchema, root: JsonSchema): JsonSchema =>
  root.$defs ? { ...schema, $defs: root.$defs } : schema

/** True for an operation whose answer has an ETag. */
export const answersTag = ({ route, output }: BusOperation): boolean =>
  route.etag !== undefined || outputHeadersOf(output).hasVersion

/** The shared parameters that an operation takes, by the names of their components. */
export const sharedParametersOf = (operation: Operation): string[] => {
  if (!operation.input) return []
  const { route, input } = operation
  const names: string[] = []
  if (route.definition.kind === 'command' && route.definition.idempotent) names.push('IdempotencyKey')
  if (input.version !== 'absent') names.push(input.version === 'required' ? 'IfMatch' : 'IfMatchOptional')
  if (route.method === 'get' && answersTag(operation)) names.push('IfNoneMatch')
  return names
}

export const parametersOf = (
  operation: BusOperation,
  examples: Examples,
  schemas: SchemaComponents,
): ParameterObject[] => {
  const { input, operationId } = operation
  const parameter = (place: 'path' | 'query', field: Field): ParameterObject => {
    const example = examples.input[field.name]
    return {
      name: field.name,
      in: place,
      required: place === 'path' || field.required,
      description: field.schema.description ?? `The ${field.name}.`,
      schema: schemas.add(detach(field.schema, input.schema), 'input', `${operationId}${field.name}`),
      ...(example !== undefined && { example }),
    }
  }
  return [
    ...input.path.map((field) => parameter('path', field)),
    ...input.queryFields.map((field) => parameter('query', field)),
    ...sharedParametersOf(operation).map(parameterRef),
  ]
}

const TEXT: JsonSchema = { type: 'string', maxLength: 200 }

/** Path parameters of a raw route are strings; the rest is as it says. */
export const rawParametersOf = ({ route, operationId }: RawOperation, schemas: SchemaComponents): ParameterObject[] => [
  ...pathParametersOf(route.path).map(
    (name): ParameterObject => ({ name, in: 'path', required: true, schema: schemas.add(TEXT, 'input', operationId) }),
  ),
  ...(route.parameters ?? []).map(
    ({ schema = TEXT, ...parameter }): ParameterObject => ({
      ...parameter,
      schema: schemas.add(schema, 'input', `${operationId}${parameter.name}`),
    }),
  ),
]
