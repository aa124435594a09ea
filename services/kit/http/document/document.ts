import { createRoute, type OpenAPIHono, type RouteConfig } from '@hono/zod-openapi'
import { outputHeadersOf } from '../bus-answer.ts'
import type { Operation } from '../operation.ts'
import { requestBodyOf } from './body.ts'
import { doorHeaders, registerShared } from './components.ts'
import { errorResponsesOf } from './errors.ts'
import { examplesOf } from './examples.ts'
import { parametersOf, rawParametersOf, sharedParametersOf } from './parameters.ts'
import { rawContent, rawResponsesOf, successResponsesOf } from './responses.ts'
import { SchemaComponents } from './schemas.ts'
import { refuseTwins, sdkGroupOf, sdkMethodOf } from './sdk.ts'
import type { OpenApiDocument } from './types.ts'

export interface DocumentInfo {
  readonly title: string
  readonly version: string
  readonly description?: string | undefined
  /** False where no limiter stands at the door: the document then promises no RateLimit headers. */
  readonly limited: boolean
}

type Part = Pick<RouteConfig, 'parameters' | 'requestBody' | 'responses'>

const PAGINATION = { cursor: 'cursor', limit: 'limit', items: 'items', next: 'nextCursor' }

const partsOf = (operation: Operation, schemas: SchemaComponents, limited: boolean): Part => {
  const headers = doorHeaders(limited)
  const errors = errorResponsesOf(operation, headers)
  if (!operation.input) {
    const { requestBody } = operation.route
    return {
      parameters: rawParametersOf(operation, schemas),
      ...(requestBody && {
        requestBody: {
          required: true,
          description: requestBody.description,
          content: rawContent(requestBody, requestBody.mediaType, operation.operationId, schemas),
        },
      }),
      responses: { ...errors, ...rawResponsesOf(operation, schemas, headers) },
    }
  }
  const examples = examplesOf(operation)
  const requestBody = requestBodyOf(operation, examples, schemas)
  return {
    parameters: parametersOf(operation, examples, schemas),
    ...(requestBody && { requestBody }),
    responses: { ...errors, ...successResponsesOf(operation, examples, schemas, headers) },
  }
}

const pathItem = (operation: Operation, schemas: SchemaComponents, limited: boolean): RouteConfig => {
  const { route, operationId, scope, output } = operation
  return createRoute({
    method: route.method,
    path: route.path,
    operationId,
    tags: [route.tag],
    summary: route.summary,
    description: route.description ?? `${route.summary}.`,
    security: scope === 'public' ? [] : [{ bearer: [scope] }],
    ...(route.deprecated && { deprecated: true }),
    'x-sdk-group': sdkGroupOf(route.tag),
    'x-sdk-method': sdkMethodOf(operation),
    ...(outputHeadersOf(output).isPage && { 'x-pagination': PAGINATION }),
    ...partsOf(operation, schemas, limited),
  })
}

/** Fills the app's registry from its operations and generates the OpenAPI 3.1 document. Call it once. */
export const createDocument = (
  app: OpenAPIHono,
  operations: readonly Operation[],
  info: DocumentInfo,
): OpenApiDocument => {
  refuseTwins(operations)
  const { openAPIRegistry: registry } = app
  const schemas = new SchemaComponents()
  registerShared(registry, new Set(operations.flatMap(sharedParametersOf)))
  for (const operation of operations) registry.registerPath(pathItem(operation, schemas, info.limited))
  for (const [name, schema] of schemas.all) registry.registerComponent('schemas', name, schema)
  const { title, version, description = `${title}.` } = info
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title, version, description, license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' } },
    // For everybody, as the audience of a server is said.
    servers: [{ url: '/', 'x-internal': false }],
    tags: [...new Set(operations.map(({ route }) => route.tag))]
      .toSorted()
      .map((name) => ({ name, description: `${name}.` })),
  })
}
