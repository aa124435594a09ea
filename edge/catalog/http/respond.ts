import { type Problem, problemBody } from './problem.ts'

export const SHARED_HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'X-Content-Type-Options': 'nosniff',
}

export function sendRedirect(location: string, etag: string, cacheStatus: string): Response {
  const headers = { ...SHARED_HEADERS, 'Cache-Control': 'public, no-cache', Location: location, ETag: etag }
  return new Response(null, { status: 301, headers: { ...headers, 'Cache-Status': cacheStatus } })
}

export function sendProblem(problem: Problem, cacheStatus?: string): Response {
  const mayBeStored = problem.status === 404 || problem.status === 410
  return new Response(problemBody(problem), {
    status: problem.status,
    headers: {
      ...SHARED_HEADERS,
      'Content-Type': 'application/problem+json',
      'Cache-Control': mayBeStored ? 'public, no-cache' : 'no-store',
      ...problem.headers,
      ...(cacheStatus && { 'Cache-Status': cacheStatus }),
    },
  })
}

export function sendPreflight(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...SHARED_HEADERS,
      Allow: ALLOWED_METHODS,
      'Access-Control-Allow-Methods': ALLOWED_METHODS,
      'Access-Control-Allow-Headers': 'Accept, If-None-Match',
      'Access-Control-Max-Age': '86400',
      'Cache-Control': 'no-store',
    },
  })
}

export const ALLOWED_METHODS = 'GET, HEAD, OPTIONS'
