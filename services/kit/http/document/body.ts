import { branchesOf, type JsonSchema, resolveRef } from '../json-schema.ts'
import type { Operation } from '../operation.ts'
import type { Examples } from './examples.ts'
import { detach } from './parameters.ts'
import type { SchemaComponents } from './schemas.ts'
import type { RouteConfig } from '@hono/zod-openapi'

type BusOperation = Extract<Operation, { readonly input: object }>
type RequestBody = NonNullable<RouteConfig['requestBody']>

/** An input's schema with the body's fields only; unions branch by branch. */
const bodySchema = (schema: JsonSchema, root: JsonSchema, names: ReadonlySet<string>): JsonSchema => {
  const { anyOf, oneOf, allOf, properties, required = [], ...rest } = resolveRef(schema, root)
  const branches = branchesOf({ anyOf, oneOf, allOf }).map((branch) => bodySchema(branch, root, names))
  if (branches.length > 0) return { ...rest, [anyOf ? 'anyOf' : oneOf ? 'oneOf' : 'allOf']: branches }
  return {
    additionalProperties: false,
    ...rest,
    properties: Object.fromEntries(Object.entries(properties ?? {}).filter(([name]) => names.has(name))),
    required: required.filter((name) => names.has(name)),
  }
}

const pick = (input: Readonly<Record<string, unknown>>, names: ReadonlySet<string>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(input).filter(([name]) => names.has(name)))

export const requestBodyOf = (
  { input, operationId }: BusOperation,
  examples: Examples,
  schemas: SchemaComponents,
): RequestBody | undefined => {
  if (!input.body) return undefined
  const names = new Set(input.body.fields.map(({ name }) => name))
  const { $defs: _shared, ...schema } = detach(bodySchema(input.schema, input.schema, names), {})
  const example = pick(examples.input, names)
  return {
    required: !input.body.optional,
    content: {
      [input.body.mediaType]: {
        schema: schemas.add(detach(schema, input.schema), 'input', operationId),
        ...(Object.keys(example).length > 0 && { example }),
      },
    },
  }
}
