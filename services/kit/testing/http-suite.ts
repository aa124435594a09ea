import { expect, test } from 'vitest'
import type { HttpApp } from '../http/app.ts'
import { examplesOf } from '../http/document/examples.ts'
import type { Operation } from '../http/operation.ts'
import { createResponseValidator } from './validate-response.ts'

export interface HttpSuiteOptions {
  /** Headers of a caller who has every scope of the service. */
  readonly authorized: Readonly<Record<string, string>>
  /** Headers of a signed-in caller without scopes; leaves the 403 cases out where absent. */
  readonly unscoped?: Readonly<Record<string, string>>
}

/** One request that has to be refused, and how. */
export interface HttpCase {
  readonly name: string
  readonly request: Request
  readonly status: number
  readonly code: string
}

type BusOperation = Extract<Operation, { readonly input: object }>

const isBusOperation = (operation: Operation): operation is BusOperation => operation.input !== undefined

/** The operation's path, filled from its example. */
const urlOf = (operation: BusOperation): string => {
  const { input } = examplesOf(operation)
  const filled = operation.route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(input[name])),
  )
  return `http://localhost${filled}`
}

const bodyOf = ({ input, ...operation }: BusOperation): Record<string, unknown> => {
  const example = examplesOf({ input, ...operation }).input
  return Object.fromEntries((input.body?.fields ?? []).map(({ name }) => [name, example[name]]))
}

/** The headers that a valid request of this operation has. */
const headersOf = ({ input, route }: BusOperation, caller: HttpSuiteOptions['authorized']): Record<string, string> => ({
  ...caller,
  ...(input.body && { 'content-type': input.body.mediaType }),
  ...(input.version === 'required' && { 'if-match': '"1"' }),
  ...(route.definition.kind === 'command' && route.definition.idempotent && { 'idempotency-key': crypto.randomUUID() }),
})

const build = (operation: BusOperation, headers: Record<string, string>, body: string | null, suffix = ''): Request =>
  new Request(urlOf(operation) + suffix, { method: operation.route.method.toUpperCase(), headers, body })

const bodyCases = (operation: BusOperation, { authorized }: HttpSuiteOptions): HttpCase[] => {
  if (!operation.input.body) return []
  const name = operation.operationId
  const headers = headersOf(operation, authorized)
  const text = JSON.stringify(bodyOf(operation))
  const withField = (field: string): string => (text === '{}' ? `{${field}}` : `{${field},${text.slice(1)}`)
  const { maxBytes } = operation.input.body
  const refused = (what: string, body: string, code: string, status = 400): HttpCase => ({
    name: `${name}: ${what}`,
    request: build(operation, headers, body),
    status,
    code,
  })
  const wrongType = { ...headers, 'content-type': 'text/plain' }
  return [
    refused('malformed JSON', '{"', 'MALFORMED_JSON'),
    refused('an array as body', '[]', 'INVALID_INPUT'),
    refused('an unknown field', withField('"unknownField":1'), 'INVALID_INPUT'),
    refused('a __proto__ field', withField('"__proto__":{"role":"admin"}'), 'INVALID_INPUT'),
    refused('deep nesting', `{"a":${'['.repeat(40)}${']'.repeat(40)}}`, 'JSON_TOO_DEEP'),
    refused('an oversized body', `"${'x'.repeat(maxBytes)}"`, 'BODY_TOO_LARGE', 413),
    {
      name: `${name}: a wrong Content-Type`,
      request: build(operation, wrongType, text),
      status: 415,
      code: 'UNSUPPORTED_MEDIA_TYPE',
    },
  ]
}

const without = (headers: Record<string, string>, name: string): Record<string, string> => {
  const { [name]: _left, ...rest } = headers
  return rest
}

const headerCases = (operation: BusOperation, { authorized }: HttpSuiteOptions): HttpCase[] => {
  const headers = headersOf(operation, authorized)
  const body = operation.input.body ? JSON.stringify(bodyOf(operation)) : null
  const missing = (header: string, status: number, code: string): HttpCase[] =>
    header in headers
      ? [
          {
            name: `${operation.operationId}: no ${header}`,
            request: build(operation, without(headers, header), body),
            status,
            code,
          },
        ]
      : []
  return [
    ...missing('if-match', 428, 'PRECONDITION_REQUIRED'),
    ...missing('idempotency-key', 400, 'IDEMPOTENCY_KEY_MISSING'),
  ]
}

const callerCases = (operation: BusOperation, { unscoped }: HttpSuiteOptions): HttpCase[] => {
  if (operation.scope === 'public') return []
  const name = operation.operationId
  const anonymous = {
    name: `${name}: nobody signed in`,
    request: build(operation, {}, null),
    status: 401,
    code: 'UNAUTHENTICATED',
  }
  if (!unscoped) return [anonymous]
  const forbidden = {
    name: `${name}: no scope`,
    request: build(operation, { ...unscoped }, null),
    status: 403,
    code: 'FORBIDDEN',
  }
  return [anonymous, forbidden]
}

const queryCases = (operation: BusOperation, { authorized }: HttpSuiteOptions): HttpCase[] => {
  if (!operation.input.query || !operation.input.known) return []
  const headers = headersOf(operation, authorized)
  const request = build(operation, headers, null, '?unknownParameter=1')
  return [{ name: `${operation.operationId}: an unknown parameter`, request, status: 400, code: 'INVALID_INPUT' }]
}

/** Everything that the door itself has to refuse, over every operation of an app. Handlers are never reached. */
export const httpCases = ({ operations }: HttpApp, options: HttpSuiteOptions): HttpCase[] => [
  {
    name: 'an unknown path',
    request: new Request('http://localhost/v1/no-such-path'),
    status: 404,
    code: 'ROUTE_NOT_FOUND',
  },
  ...operations
    .filter(isBusOperation)
    .flatMap((operation) =>
      [callerCases, bodyCases, headerCases, queryCases].flatMap((cases) => cases(operation, options)),
    ),
]

/**
 * Registers the common HTTP tests of a service: every refusal of the door, served routes against the document, and an
 * example for every body.
 * @example
 * describe('the HTTP door', () => testHttpApp(http, { authorized: { authorization: `Bearer ${adminToken}` } }))
 */
export const testHttpApp = (http: HttpApp, options: HttpSuiteOptions): void => {
  const validator = createResponseValidator([http.document()])

  test.each(httpCases(http, options))('$name is refused by $status $code', async ({ request, status, code }) => {
    const response = await http.fetch(request)
    const body = await response.text()
    expect(JSON.parse(body)).toMatchObject({ status, code, type: `/problems/${code}`, traceId: expect.any(String) })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const { method, url } = request
    validator.check({ method, path: new URL(url).pathname, status: response.status, headers: response.headers, body })
  })

  test('every served route is documented and every documented one is served', () => {
    const served = http.endpoints
      .filter(({ path }) => path !== `/openapi/${http.service}.json`)
      .map(({ method, path }) => `${method} ${path}`)
    const documented = Object.entries(http.document().paths ?? {}).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    )
    expect(served.toSorted()).toEqual(documented.toSorted())
  })

  test('every body has an example', () => {
    const lacking = http.operations.filter(isBusOperation).filter((operation) => {
      const { input, output } = examplesOf(operation)
      const sends = operation.input.body !== undefined || operation.input.path.length > 0
      return (sends && Object.keys(input).length === 0) || (operation.output !== undefined && output === undefined)
    })
    expect(lacking.map(({ operationId }) => operationId)).toEqual([])
  })
}
