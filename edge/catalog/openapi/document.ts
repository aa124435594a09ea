import { z } from 'zod'
import { operations } from './operations.ts'
import { componentSchemas } from './schemas.ts'

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})

const everywhere = {
  400: { $ref: '#/components/responses/InvalidParameter' },
  429: { $ref: '#/components/responses/TooManyRequests' },
  503: { $ref: '#/components/responses/Unavailable' },
}
const notModified = { 304: { description: 'The client has this version (If-None-Match)' } }

/** OpenAPI 3.1 of the catalog, from the schemas that its tests hold the responses against. */
export function catalogDocument() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Public catalog',
      version: '1.0.0',
      license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
      description:
        'Published courses, read from the edge. Answers are at most about a second old; `Cache-Status` tells.',
    },
    servers: [{ url: '/catalog/v1' }],
    security: [],
    tags: [{ name: 'Catalog', description: 'What everybody may read' }],
    paths: Object.fromEntries(
      Object.entries(operations).map(([path, operation]) => [
        path,
        {
          get: {
            ...operation,
            tags: ['Catalog'],
            security: [],
            responses: { ...operation.responses, ...notModified, ...everywhere },
          },
        },
      ]),
    ),
    components: {
      schemas: schemas(),
      responses: {
        InvalidParameter: problem('A parameter is malformed, or a cursor belongs elsewhere'),
        NotFound: problem('No such course'),
        Gone: problem('The course was archived'),
        Unprocessable: problem('The parameters contradict each other'),
        TooManyRequests: problem('Slow down (Retry-After)'),
        Unavailable: problem('The catalog cannot be read at the moment (Retry-After)'),
      },
    },
  }
}

function schemas() {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(componentSchemas)) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}` })
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]))
}
