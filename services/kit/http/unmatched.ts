import { TrieRouter } from 'hono/router/trie-router'
import type { Cors } from './headers.ts'
import type { Served } from './door.ts'
import { REFUSALS, Refusal } from './refusals.ts'

export interface MethodAndPath {
  readonly method: string
  /** Hono form: `/v1/courses/:courseId`. */
  readonly path: string
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Tells which methods a path answers, GET standing for HEAD as well. */
const createAllow = (served: readonly MethodAndPath[]): ((path: string) => string) => {
  const router = new TrieRouter<true>()
  for (const { method, path } of served) router.add(method, path, true)
  return (path) => {
    const methods = METHODS.filter((method) => router.match(method, path)[0].length > 0)
    if (methods.length === 0) return ''
    return [...(methods.includes('GET') ? ['HEAD'] : []), ...methods, 'OPTIONS'].join(', ')
  }
}

/** What answers where no route does: OPTIONS 204, another method 405 with Allow, an unknown path 404. */
export const unmatched = (served: readonly MethodAndPath[], cors: Cors): Served => {
  const allowOf = createAllow(served)
  return {
    operationId: 'unmatched',
    headers: { 'cache-control': 'no-store' },
    locate: (field) => field,
    answer: async ({ context: { req } }) => {
      const allow = allowOf(req.path)
      if (!allow) throw new Refusal(REFUSALS.routeNotFound)
      if (req.method !== 'OPTIONS') throw new Refusal(REFUSALS.methodNotAllowed, { headers: { allow } })
      return { status: 204, headers: { allow, ...cors.preflightFor(req.header('origin'), allow) }, body: null }
    },
  }
}
