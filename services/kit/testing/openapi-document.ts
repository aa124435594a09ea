import { z } from 'zod'

const Reference = z.looseObject({ $ref: z.string().optional() })
const Header = Reference.extend({ required: z.boolean().optional() })

export const DocumentedResponse = Reference.extend({
  headers: z.record(z.string(), Header).optional(),
  content: z.record(z.string(), z.looseObject({ schema: z.unknown() })).optional(),
})
export type DocumentedResponse = z.infer<typeof DocumentedResponse>

export const DocumentedOperation = z.looseObject({
  operationId: z.string(),
  responses: z.record(z.string(), DocumentedResponse),
})

/** The part of an OpenAPI document that says what may be answered. */
export const OpenApi = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), DocumentedOperation)),
  components: z.looseObject({
    headers: z.record(z.string(), Header).optional(),
    responses: z.record(z.string(), DocumentedResponse).optional(),
  }),
})
export type OpenApi = z.infer<typeof OpenApi>

/** One operation of one of several documents. */
export interface DocumentedRoute {
  /** Index of its document. */
  readonly document: number
  readonly path: string
  readonly method: string
  readonly pattern: RegExp
  readonly operation: z.infer<typeof DocumentedOperation>
}

const patternOf = (path: string): RegExp => {
  const escaped = path.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
}

/** Static paths sort before those with parameters. */
const specificity = (path: string): string => path.replaceAll(/\{\w+\}/g, '\uffff')

export const routesOf = (documents: readonly OpenApi[]): DocumentedRoute[] =>
  documents
    .flatMap(({ paths }, document) =>
      Object.entries(paths).flatMap(([path, item]) =>
        Object.entries(item).map(([method, operation]) => ({
          document,
          path,
          method,
          pattern: patternOf(path),
          operation,
        })),
      ),
    )
    .toSorted((a, b) => (specificity(a.path) < specificity(b.path) ? -1 : 1))
