import { DocumentSchemas, pointer } from './document-schemas.ts'
import { type DocumentedResponse, type DocumentedRoute, OpenApi, routesOf } from './openapi-document.ts'

/** A response that its document does not promise. */
export class ContractBroken extends Error {
  override name = 'ContractBroken'
}

/** What was asked and answered; `body` is the text, or undefined for a stream. */
export interface Answered {
  readonly method: string
  /** Path without the query. */
  readonly path: string
  readonly status: number
  readonly headers: Headers
  readonly body: string | undefined
}

export interface ResponseValidator {
  /** Throws `ContractBroken`; what no document knows (pages, other hosts) passes. */
  check(answered: Answered): void
  /** Operations whose success has been checked, by operationId; compare it with `operations` at the end of a run. */
  readonly checked: ReadonlySet<string>
  readonly operations: readonly string[]
}

const mediaTypeOf = (headers: Headers): string => headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new ContractBroken('the body is not JSON')
  }
}

const nameOf = (reference: string | undefined): string => reference?.split('/').at(-1) ?? ''

/** Checks answers against the documents of the services that gave them: status, headers, media type and body. */
export const createResponseValidator = (documents: readonly unknown[]): ResponseValidator => {
  const known = documents.map((document) => OpenApi.parse(document))
  const routes = routesOf(known)
  const schemas = new DocumentSchemas(known)
  const checked = new Set<string>()

  const checkHeaders = (route: DocumentedRoute, { headers = {} }: DocumentedResponse, answered: Answered): void => {
    const shared = known[route.document]?.components.headers ?? {}
    for (const [name, header] of Object.entries(headers)) {
      const { required } = shared[nameOf(header.$ref)] ?? header
      if (required && !answered.headers.has(name)) throw new ContractBroken(`the header ${name} is missing`)
    }
  }

  const checkBody = (
    route: DocumentedRoute,
    { content }: DocumentedResponse,
    { status, headers, body }: Answered,
  ): void => {
    if (body === undefined) return
    if (!content) {
      if (body !== '') throw new ContractBroken('the document promises no body')
      return
    }
    const mediaType = mediaTypeOf(headers)
    if (!content[mediaType]) throw new ContractBroken(`the media type "${mediaType}" is not in the document`)
    if (!mediaType.endsWith('json')) return
    const path = pointer('paths', route.path, route.method, 'responses', String(status), 'content', mediaType, 'schema')
    const wrong = schemas.check(`document:${route.document}#${path}`, parsed(body))
    if (wrong) throw new ContractBroken(wrong)
  }

  const checkRoute = (route: DocumentedRoute, answered: Answered): void => {
    const response = route.operation.responses[String(answered.status)]
    if (!response) throw new ContractBroken(`the status ${answered.status} is not in the document`)
    checkHeaders(route, response, answered)
    checkBody(route, response, answered)
    if (answered.status < 400) checked.add(route.operation.operationId)
  }

  return {
    checked,
    operations: routes.map(({ operation }) => operation.operationId),
    check: (answered) => {
      const method = answered.method === 'HEAD' ? 'get' : answered.method.toLowerCase()
      const route = routes.find((candidate) => candidate.method === method && candidate.pattern.test(answered.path))
      if (!route) return
      try {
        checkRoute(route, answered.method === 'HEAD' ? { ...answered, body: undefined } : answered)
      } catch (error) {
        if (!(error instanceof ContractBroken)) throw error
        const what = `${answered.method} ${answered.path} answered ${answered.status}`
        throw new ContractBroken(`${what}: ${error.message}. It said: ${answered.body?.slice(0, 500) ?? '(stream)'}`)
      }
    },
  }
}

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

const STREAMS = new Set(['text/event-stream', 'application/x-ndjson'])

/**
 * `fetch` that throws `ContractBroken` for every answer that the documents do not promise; for e2e clients.
 * @example
 * const validator = createResponseValidator(documents)
 * const client = createClient({ fetch: createValidatingFetch(validator) })
 */
export const createValidatingFetch =
  (validator: ResponseValidator, send: Fetch = fetch): Fetch =>
  async (input, init) => {
    const request = new Request(input, init)
    const { method, url } = request
    const response = await send(request)
    const body = STREAMS.has(mediaTypeOf(response.headers)) ? undefined : await response.clone().text()
    const { status, headers } = response
    validator.check({ method, path: new URL(url).pathname, status, headers, body })
    return response
  }
