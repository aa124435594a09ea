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

interface Served {
  readonly operationId: string
  readonly scope: RequiredScope
  /** Headers that every successful answer has. */
  readonly headers: Readonly<Record<string, string>>
  readonly rateLimit: RouteRateLimit | undefined
  readonly locate: Locate
  answer(exchange: Exchange): Promise<Reply>
}

/** A route with everything derived that can be derived before a request comes. */
export type Operation = Served &
  (
    | { readonly route: Route; readonly input: InputPlan; readonly output: JsonSchema | undefined }
    | { readonly route: RawRoute; readonly input: undefined; readonly output: undefined }
  )

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

const compileRaw = (route: RawRoute, buses: Buses, resolve: Resolve): Operation => ({
  route,
  operationId: route.operationId,
  scope: route.scope,
  headers: successHeaders(route, route.scope),
  rateLimit: route.rateLimit,
  locate: pointAsIs,
  input: undefined,
  output: undefined,
  answer: rawAnswer(route, buses, resolve),
})

/** Throws where a route contradicts its definition: the process does not start. */
export const compileOperation = (route: AnyRoute, buses: Buses, resolve: Resolve): Operation => {
  if (route.kind === 'raw') return compileRaw(route, buses, resolve)
  const { definition } = route
  const input = planInput(route, jsonSchemaOf(definition.input, 'input', definition.type))
  const output = isNothing(definition.output) ? undefined : jsonSchemaOf(definition.output, 'output', definition.type)
  return {
    route,
    operationId: route.operationId ?? operationIdOf(definition.type),
    scope: definition.scope,
    headers: successHeaders(route, definition.scope),
    rateLimit: route.rateLimit,
    locate: locateIn(input),
    input,
    output,
    answer: busAnswer(route, input, output, buses),
  }
}
