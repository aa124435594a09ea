import type { Buses } from '#bus/cqrs/buses.ts'
import type { HonoRequest } from 'hono'
import type { Exchange } from './exchange.ts'
import { type InputPlan, readInput } from './input.ts'
import { fieldsOf, type JsonSchema } from './json-schema.ts'
import { REFUSALS, wrongParameter } from './refusals.ts'
import { matchesTag, type Reply } from './reply.ts'
import type { Route } from './route.ts'
import { compileSerialiser, type Serialise } from './serialiser.ts'

const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/

const readIdempotencyKey = (request: HonoRequest): string => {
  const key = request.header('idempotency-key')
  if (!key) throw wrongParameter(REFUSALS.idempotencyKeyMissing, 'Idempotency-Key')
  if (!VISIBLE_ASCII.test(key)) throw wrongParameter(REFUSALS.idempotencyKeyInvalid, 'Idempotency-Key')
  return key
}

const field = (output: unknown, name: string): unknown =>
  typeof output === 'object' && output !== null ? Reflect.get(output, name) : undefined

/** Which headers an output gives, decided from its schema. */
export interface OutputHeaders {
  readonly hasVersion: boolean
  readonly isPage: boolean
}

export const outputHeadersOf = (output: JsonSchema | undefined): OutputHeaders => {
  const names = new Set(output ? fieldsOf(output).map(({ name }) => name) : [])
  return { hasVersion: names.has('version'), isPage: names.has('items') && names.has('nextCursor') }
}

const etagOf = (route: Route, output: unknown, hasVersion: boolean): string | undefined => {
  if (route.etag) return `"${route.etag(output)}"`
  const version = hasVersion ? field(output, 'version') : undefined
  return typeof version === 'number' ? `"${version}"` : undefined
}

const nextLink = (url: string, output: unknown): string | undefined => {
  const cursor = field(output, 'nextCursor')
  if (typeof cursor !== 'string') return undefined
  const next = new URL(url)
  next.searchParams.set('cursor', cursor)
  return `<${next.pathname}${next.search}>; rel="next"`
}

/** Compiles what happens between a request and its command or query: input together, one dispatch, output apart. */
export const busAnswer = (
  route: Route,
  input: InputPlan,
  output: JsonSchema | undefined,
  buses: Buses,
): ((exchange: Exchange) => Promise<Reply>) => {
  const { definition, alternative, status = 200 } = route
  const serialise: Serialise | undefined = output && status !== 204 ? compileSerialiser(output) : undefined
  const { hasVersion, isPage } = outputHeadersOf(output)
  const takesKey = definition.kind === 'command' && definition.idempotent

  const dispatch = async ({ context, actor, origin }: Exchange) => {
    const idempotencyKey = takesKey ? readIdempotencyKey(context.req) : undefined
    const raw = await readInput(context.req, input)
    const call = { actor, origin, idempotencyKey }
    return definition.kind === 'command' ? buses.execute(definition, raw, call) : buses.ask(definition, raw, call)
  }

  return async (exchange) => {
    const { output: value, replayed } = await dispatch(exchange)
    const { req } = exchange.context
    const headers: Record<string, string> = {}
    const tag = etagOf(route, value, hasVersion)
    if (tag !== undefined) {
      headers.etag = tag
      const known = route.method === 'get' ? req.header('if-none-match') : undefined
      if (known !== undefined && matchesTag(known, tag)) return { status: 304, headers, body: null }
    }
    if (route.location) headers.location = route.location(value)
    if (replayed) headers['idempotent-replayed'] = 'true'
    const next = isPage ? nextLink(req.url, value) : undefined
    if (next !== undefined) headers.link = next
    if (serialise) headers['content-type'] = 'application/json'
    return {
      status: alternative?.when(value) ? alternative.status : status,
      headers,
      body: serialise ? serialise(value) : null,
    }
  }
}
