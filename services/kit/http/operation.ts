import type { RequiredScope } from '#bus/cqrs/definitions.ts'
import type { Buses } from '#bus/cqrs/buses.ts'
import type { Resolve } from '#bus/cqrs/token.ts'
import { busAnswer } from './bus-answer.ts'
import type { Exchange } from './exchange.ts'
import { locateIn, planInput, type InputPlan } from './input.ts'
import { isNothing, type JsonSchema, jsonSchemaOf } from './json-schema.ts'
import type { Locate } from './problem.ts'
import { rawAnswer } from './raw-answer.ts'
import type { RawRoute } from './raw-route.ts'
import type { Reply } from './reply.ts'
import type { Route, RouteRateLimit } from './route.ts'

export type AnyRoute = Route | RawRoute

/** What a route says before its schemas are read. */
export interface Outline {
  readonly operationId: string
  readonly scope: RequiredScope
  /** Headers that every successful answer has. */
  readonly headers: Readonly<Record<string, string>>
  readonly rateLimit: RouteRateLimit | undefined
}

/** A route with everything derived that its document tells of; no handler is needed for that. */
export type Operation = Outline & { readonly locate: Locate } & (
    | { readonly route: Route; readonly input: InputPlan; readonly output: JsonSchema | undefined }
    | { readonly route: RawRoute; readonly input: undefined; readonly output: undefined }
  )

/** An operation that answers. */
export type ServedOperation = Operation & { answer(exchange: Exchange): Promise<Reply> }

/** `getCourse` for `learning.get_course`. */
const operationIdOf = (type: string): string => {
  const words = type.slice(type.indexOf('.') + 1).split(/[._]/)
  return words.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('')
}

const lifeCycleHeaders = ({ deprecated }: AnyRoute): Record<string, string> => {
  if (!deprecated) return {}
  const deprecation = { deprecation: `@${Math.floor(Date.parse(deprecated.since) / 1000)}` }
  return deprecated.sunset ? { ...deprecation, sunset: new Date(deprecated.sunset).toUTCString() } : deprecation
}

const successHeaders = (route: AnyRoute, scope: RequiredScope): Record<string, string> => ({
  'cache-control': route.cacheControl ?? (scope === 'public' && route.method === 'get' ? 'no-cache' : 'no-store'),
  ...lifeCycleHeaders(route),
})

const pointAsIs: Locate = (field) => field

export const outlineOf = (route: AnyRoute): Outline => {
  const { scope } = route.kind === 'raw' ? route : route.definition
  const operationId =
    route.kind === 'raw' ? route.operationId : (route.operationId ?? operationIdOf(route.definition.type))
  return { operationId, scope, headers: successHeaders(route, scope), rateLimit: route.rateLimit }
}

/** Throws where a route contradicts its definition. */
export const describeOperation = (route: AnyRoute): Operation => {
  const outline = outlineOf(route)
  if (route.kind === 'raw') return { ...outline, route, locate: pointAsIs, input: undefined, output: undefined }
  const { type, input: given, output: answered } = route.definition
  const input = planInput(route, jsonSchemaOf(given, 'input', type))
  const output = isNothing(answered) ? undefined : jsonSchemaOf(answered, 'output', type)
  return { ...outline, route, locate: locateIn(input), input, output }
}

/** Connects an operation to its handler. Throws where a route contradicts its definition. */
export const compileOperation = (route: AnyRoute, buses: Buses, resolve: Resolve): ServedOperation => {
  const operation = describeOperation(route)
  const answer = operation.input
    ? busAnswer(operation.route, operation.input, operation.output, buses)
    : rawAnswer(operation.route, buses, resolve)
  return { ...operation, answer }
}
