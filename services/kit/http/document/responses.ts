import { outputHeadersOf } from '../bus-answer.ts'
import type { JsonSchema } from '../json-schema.ts'
import type { Operation } from '../operation.ts'
import type { RawResponse } from '../raw-route.ts'
import { headerRef } from './components.ts'
import type { Examples } from './examples.ts'
import { answersTag } from './parameters.ts'
import type { SchemaComponents } from './schemas.ts'
import type { HeaderRefs, ResponseObject } from './types.ts'

type BusOperation = Extract<Operation, { readonly input: object }>
type RawOperation = Exclude<Operation, BusOperation>

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  200: 'The answer.',
  201: 'It was created.',
  202: 'It was accepted; the Location says how it goes on.',
  204: 'It is done.',
}

const successHeaders = (operation: BusOperation, status: number, headers: HeaderRefs): HeaderRefs => {
  const { route, output } = operation
  const isIdempotent = route.definition.kind === 'command' && route.definition.idempotent
  return {
    ...headers,
    ...(answersTag(operation) && { ETag: headerRef('ETag') }),
    ...(route.location && status !== 304 && { Location: headerRef('Location') }),
    ...(outputHeadersOf(output).isPage && { Link: headerRef('Link') }),
    ...(isIdempotent && { 'Idempotent-Replayed': headerRef('IdempotentReplayed') }),
  }
}

/** The successful responses of an operation by status: its own, its alternative, and 304 where it has an ETag. */
export const successResponsesOf = (
  operation: BusOperation,
  examples: Examples,
  schemas: SchemaComponents,
  headers: HeaderRefs,
): Record<string, ResponseObject> => {
  const { route, output, operationId } = operation
  const { status = 200, alternative, links } = route
  const schema = output && status !== 204 ? schemas.add(output, 'output', operationId) : undefined
  const content = schema && {
    'application/json': { schema, ...(examples.output !== undefined && { example: examples.output }) },
  }
  const response = (code: number, description: string): ResponseObject => ({
    description,
    headers: successHeaders(operation, code, headers),
    ...(content && { content }),
    ...(links && { links: JSON.parse(JSON.stringify(links)) }),
  })
  const responses = { [status]: response(status, DESCRIPTIONS[status] ?? 'Success.') }
  if (alternative) responses[alternative.status] = response(alternative.status, alternative.description)
  if (route.method === 'get' && answersTag(operation))
    responses[304] = { description: 'The caller has this version.', headers: successHeaders(operation, 304, headers) }
  return responses
}

const TEXT: JsonSchema = { type: 'string' }

const exampleIn = (example: unknown): { example?: unknown } => (example === undefined ? {} : { example })

/** The media type object of a body that a raw route describes. */
export const rawContent = (
  { schema = TEXT, example }: Pick<RawResponse, 'schema' | 'example'>,
  mediaType: string,
  owner: string,
  schemas: SchemaComponents,
) => ({ [mediaType]: { schema: schemas.add(schema, 'output', owner), ...exampleIn(example) } })

export const rawResponsesOf = (
  { route, operationId }: RawOperation,
  schemas: SchemaComponents,
  headers: HeaderRefs,
): Record<string, ResponseObject> =>
  Object.fromEntries(
    Object.entries(route.responses).map(([status, response]): [string, ResponseObject] => {
      const { description, mediaType } = response
      const content = mediaType && rawContent(response, mediaType, `${operationId}${status}`, schemas)
      return [status, { description, headers, ...(content && { content }) }]
    }),
  )
