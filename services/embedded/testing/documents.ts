import { z } from 'zod'
import type { TestClient } from './client.ts'

const Content = z.record(z.string(), z.looseObject({ schema: z.unknown() }))

const Operation = z.looseObject({
  operationId: z.string(),
  security: z.array(z.unknown()).optional(),
  parameters: z
    .array(z.looseObject({ $ref: z.string().optional(), name: z.string().optional(), in: z.string().optional() }))
    .default([]),
  requestBody: z.looseObject({ content: Content }).optional(),
  responses: z.record(z.string(), z.looseObject({ 'x-error-codes': z.array(z.string()).optional() })),
})

const Document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), Operation)) })

/** One operation as its document tells of it. */
export interface DocumentedOperation {
  readonly service: string
  readonly operationId: string
  readonly method: string
  /** `/v1/courses/{courseId}` */
  readonly path: string
  /** True where nobody has to sign in. */
  readonly isPublic: boolean
  readonly mediaType: string | undefined
  /** Names of its query parameters. */
  readonly query: readonly string[]
  readonly codes: ReadonlySet<string>
}

export const DOCUMENTED_SERVICES = ['user', 'learning', 'payment'] as const

const operationsOf = (service: string, document: unknown): DocumentedOperation[] =>
  Object.entries(Document.parse(document).paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      service,
      operationId: operation.operationId,
      method: method.toUpperCase(),
      path,
      isPublic: operation.security?.length === 0,
      mediaType: Object.keys(operation.requestBody?.content ?? {})[0],
      query: operation.parameters.flatMap(({ in: place, name }) => (place === 'query' && name ? [name] : [])),
      codes: new Set(Object.values(operation.responses).flatMap((response) => response['x-error-codes'] ?? [])),
    })),
  )

/** Every operation of the running platform, from the documents that it serves. */
export const readOperations = async ({ baseUrl }: Pick<TestClient, 'baseUrl'>): Promise<DocumentedOperation[]> => {
  const documents = DOCUMENTED_SERVICES.map(async (service) =>
    operationsOf(service, await (await fetch(`${baseUrl}/openapi/${service}.json`)).json()),
  )
  return (await Promise.all(documents)).flat()
}
