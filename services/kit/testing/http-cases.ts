import type { HttpApp } from '../http/app.ts'
import { examplesOf } from '../http/document/examples.ts'
import { type JsonSchema, typesOf } from '../http/json-schema.ts'
import type { Operation } from '../http/operation.ts'

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
  /** What the problem has to point at: `/title`, or `cursor` for a parameter. */
  readonly at?: { readonly pointer: string } | { readonly parameter: string }
}

export type BusOperation = Extract<Operation, { readonly input: object }>

export const isBusOperation = (operation: Operation): operation is BusOperation => operation.input !== undefined

type Body = string | Uint8Array<ArrayBuffer>
type Refused = Omit<HttpCase, 'name' | 'request'>

const invalid = (at?: HttpCase['at']): Refused => ({ status: 400, code: 'INVALID_INPUT', ...(at && { at }) })

/** The operation's path, filled from its example, with other values where some are given. */
const urlOf = (operation: BusOperation, values: Readonly<Record<string, string>> = {}): string => {
  const { input } = examplesOf(operation)
  const filled = operation.route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(values[name] ?? String(input[name])),
  )
  return `http://localhost${filled}`
}

const bodyOf = (operation: BusOperation): Record<string, unknown> => {
  const example = examplesOf(operation).input
  return Object.fromEntries((operation.input.body?.fields ?? []).map(({ name }) => [name, example[name]]))
}

const textOf = (operation: BusOperation): string | null =>
  operation.input.body ? JSON.stringify(bodyOf(operation)) : null

/** The headers that a valid request of this operation has. */
const headersOf = ({ input, route }: BusOperation, caller: HttpSuiteOptions['authorized']): Record<string, string> => ({
  ...caller,
  ...(input.body && { 'content-type': input.body.mediaType }),
  ...(input.version === 'required' && { 'if-match': '"1"' }),
  ...(route.definition.kind === 'command' && route.definition.idempotent && { 'idempotency-key': crypto.randomUUID() }),
})

const without = (headers: Record<string, string>, name: string): Record<string, string> => {
  const { [name]: _left, ...rest } = headers
  return rest
}

const build = (
  operation: BusOperation,
  headers: Record<string, string>,
  body: Body | null,
  url = urlOf(operation),
): Request => new Request(url, { method: operation.route.method.toUpperCase(), headers, body })

/** A value that no schema of these types takes. */
const ofAnotherType = (types: readonly string[]): unknown => (types.includes('array') ? true : [[0]])

const typeCases = (operation: BusOperation, headers: Record<string, string>): HttpCase[] =>
  (operation.input.body?.fields ?? []).flatMap(({ name, schema }) => {
    const types = typesOf(schema, operation.input.schema)
    if (types.length === 0) return []
    const body = JSON.stringify({ ...bodyOf(operation), [name]: ofAnotherType(types) })
    const what = `${operation.operationId}: another type of ${name}`
    return [{ name: what, request: build(operation, headers, body), ...invalid({ pointer: `/${name}` }) }]
  })

const UNSTORABLE = { 'a NUL': 'a\0b', 'half a surrogate pair': 'a\ud800b' }

const textCases = (operation: BusOperation, headers: Record<string, string>): HttpCase[] => {
  const { fields = [] } = operation.input.body ?? {}
  const field = fields.find(({ schema }) => typesOf(schema, operation.input.schema).includes('string'))
  if (!field) return []
  return Object.entries(UNSTORABLE).map(([what, text]) => ({
    name: `${operation.operationId}: ${what} in ${field.name}`,
    request: build(operation, headers, JSON.stringify({ ...bodyOf(operation), [field.name]: text })),
    ...invalid({ pointer: `/${field.name}` }),
  }))
}

const bodyCases = (operation: BusOperation, { authorized }: HttpSuiteOptions): HttpCase[] => {
  if (!operation.input.body) return []
  const { maxBytes } = operation.input.body
  const headers = headersOf(operation, authorized)
  const text = JSON.stringify(bodyOf(operation))
  const withField = (field: string): string => (text === '{}' ? `{${field}}` : `{${field},${text.slice(1)}`)
  const refused = (what: string, body: Body, expected: Refused, sent = headers): HttpCase => ({
    name: `${operation.operationId}: ${what}`,
    request: build(operation, sent, body),
    ...expected,
  })
  const unsupported = { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' }
  const bytes = new TextEncoder().encode(text)
  return [
    refused('malformed JSON', '{"', { status: 400, code: 'MALFORMED_JSON' }),
    refused('no body', new Uint8Array(), { status: 400, code: 'MALFORMED_JSON' }),
    refused('an array as body', '[]', invalid({ pointer: '' })),
    refused('an unknown field', withField('"unknownField":1'), invalid({ pointer: '/unknownField' })),
    refused('a __proto__ field', withField('"__proto__":{"role":"admin"}'), invalid({ pointer: '/__proto__' })),
    refused('deep nesting', `{"a":${'['.repeat(40)}${']'.repeat(40)}}`, { status: 400, code: 'JSON_TOO_DEEP' }),
    refused('an oversized body', `"${'x'.repeat(maxBytes)}"`, { status: 413, code: 'BODY_TOO_LARGE' }),
    refused('a wrong Content-Type', text, unsupported, { ...headers, 'content-type': 'text/plain' }),
    refused('no Content-Type', bytes, unsupported, without(headers, 'content-type')),
    ...typeCases(operation, headers),
    ...textCases(operation, headers),
  ]
}

const headerCases = (operation: BusOperation, { authorized }: HttpSuiteOptions): HttpCase[] => {
  const headers = headersOf(operation, authorized)
  const body = textOf(operation)
  const missing = (header: string, expected: Refused): HttpCase[] =>
    header in headers
      ? [
          {
            name: `${operation.operationId}: no ${header}`,
            request: build(operation, without(headers, header), body),
            ...expected,
          },
        ]
      : []
  return [
    ...missing('if-match', { status: 428, code: 'PRECONDITION_REQUIRED', at: { parameter: 'If-Match' } }),
    ...missing('idempotency-key', { status: 400, code: 'IDEMPOTENCY_KEY_MISSING' }),
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
  const request = build(operation, headersOf(operation, authorized), null, `${urlOf(operation)}?unknownParameter=1`)
  const name = `${operation.operationId}: an unknown parameter`
  return [{ name, request, ...invalid({ parameter: 'unknownParameter' }) }]
}

const isNarrow = ({ pattern, enum: values, const: value }: JsonSchema): boolean =>
  pattern !== undefined || values !== undefined || value !== undefined

const pathCases = (operation: BusOperation, { authorized }: HttpSuiteOptions): HttpCase[] =>
  operation.input.path
    .filter(({ schema }) => isNarrow(schema))
    .map(({ name }) => ({
      name: `${operation.operationId}: a malformed ${name}`,
      request: build(
        operation,
        headersOf(operation, authorized),
        textOf(operation),
        urlOf(operation, { [name]: "' or 1=1 --" }),
      ),
      ...invalid({ parameter: name }),
    }))

/** Everything that the door itself has to refuse, over every operation of an app. Handlers are never reached. */
export const httpCases = ({ operations }: Pick<HttpApp, 'operations'>, options: HttpSuiteOptions): HttpCase[] => [
  {
    name: 'an unknown path',
    request: new Request('http://localhost/v1/no-such-path'),
    status: 404,
    code: 'ROUTE_NOT_FOUND',
  },
  ...operations
    .filter(isBusOperation)
    .flatMap((operation) =>
      [callerCases, bodyCases, headerCases, queryCases, pathCases].flatMap((cases) => cases(operation, options)),
    ),
]
