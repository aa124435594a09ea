import { z } from 'zod'
import type { RunningFunction } from './runtime-api.ts'

const Result = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()),
  cookies: z.array(z.string()),
  body: z.string(),
  isBase64Encoded: z.boolean(),
})

export interface HttpCall {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: object
  readonly sourceIp?: string
  /** The host name that the API is called by. */
  readonly domainName?: string
}

/** The event of an HTTP API for a request. */
export const httpEvent = (call: HttpCall) => {
  const { method = 'GET', path, headers = {}, body } = call
  const { sourceIp = '203.0.113.7', domainName = 'api.example.org' } = call
  const [rawPath = '', rawQueryString = ''] = path.split('?')
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: {
      host: domainName,
      'x-forwarded-for': sourceIp,
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    requestContext: { domainName, http: { method, path: rawPath, sourceIp } },
    ...(body && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  }
}

/** Calls a function as an HTTP API does. */
export const callHttp = async (called: RunningFunction, call: HttpCall) =>
  Result.parse(await called.invoke(httpEvent(call)))
