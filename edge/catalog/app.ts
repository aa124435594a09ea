import type { Env } from './env.ts'
import { type Call, callOf } from './http/call.ts'
import { withinLimit } from './http/client-limit.ts'
import { Problem, routeNotFound } from './http/problem.ts'
import { ALLOWED_METHODS, sendPreflight, sendProblem } from './http/respond.ts'
import { Isolate } from './isolate/isolate.ts'
import { routeOf } from './routes/routes.ts'

/**
 * The catalog as one isolate. A table instead of a framework: seven addresses that are only read, and a hit costs
 * little more than making its Response.
 */
export function createWorker() {
  const isolate = new Isolate()
  return {
    fetch(request: Request, env: Env): Response | Promise<Response> {
      const response = safely(() => answer(callOf(request, env), isolate))
      if (request.method !== 'HEAD') return response
      return response instanceof Promise ? response.then(headersOf) : headersOf(response)
    },
  }
}

function answer(call: Call, isolate: Isolate): Response | Promise<Response> {
  const route = routeOf(call.path)
  if (!route) throw routeNotFound()
  const { method } = call.request
  if (method === 'OPTIONS') return sendPreflight()
  if (method !== 'GET' && method !== 'HEAD') throw methodNotAllowed()
  const limiter = call.env.CLIENT_LIMIT
  return limiter ? withinLimit(call, limiter).then(() => route(call, isolate)) : route(call, isolate)
}

const headersOf = (response: Response) => new Response(null, response)

function methodNotAllowed(): Problem {
  const headers = { Allow: ALLOWED_METHODS }
  return new Problem(405, 'METHOD_NOT_ALLOWED', 'This address is read only.', { headers })
}

function safely(run: () => Response | Promise<Response>): Response | Promise<Response> {
  try {
    const response = run()
    return response instanceof Promise ? response.catch(refusal) : response
  } catch (error) {
    return refusal(error)
  }
}

function refusal(error: unknown): Response {
  if (error instanceof Problem) return sendProblem(error)
  const stack = error instanceof Error ? error.stack : String(error)
  console.error(JSON.stringify({ level: 'error', message: 'request failed', stack }))
  return sendProblem(new Problem(500, 'INTERNAL', 'Something went wrong.'))
}
