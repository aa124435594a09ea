import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { addMs, DAY, systemClock } from '#domain/kernel/clock.ts'
import { systemIds } from '#services/kit/ids.ts'
import type { BenchPlatform } from './platform.ts'

const POLL_MS = 5

const Tokens = z.object({ accessToken: z.string() })
const Created = z.object({ courseId: z.string(), slug: z.string() })

interface Call {
  readonly method: 'POST' | 'PUT'
  readonly path: string
  readonly body?: unknown
  readonly token?: string
  readonly headers?: Record<string, string>
}

const call = async ({ apiUrl }: BenchPlatform, { method, path, body, token, headers }: Call): Promise<unknown> => {
  const response = await fetch(`${apiUrl}${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      'idempotency-key': systemIds.next('key'),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return response.json()
}

export const signIn = async (
  platform: BenchPlatform,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<string> =>
  Tokens.parse(await call(platform, { method: 'POST', path: '/v1/auth/login', body: { email, password } })).accessToken

/** Publishes a new course as a tutor does; milliseconds from the answer until the catalog Worker shows its page. */
export const publishAndWait = async (platform: BenchPlatform, token: string, n: number): Promise<number> => {
  const now = systemClock.now()
  const post = (path: string, body?: unknown) => call(platform, { method: 'POST', path, token, body })
  const details = { title: `A course of the bench, ${n}`, subject: 'algebra', language: 'en' }
  const { courseId, slug } = Created.parse(await post('/v1/courses', details))
  const content = { kind: 'markdown', markdown: 'All of it.' }
  const sections = [{ title: 'The only section', lessons: [{ title: 'The only lesson', content }] }]
  const path = `/v1/courses/${courseId}/curriculum`
  await call(platform, { method: 'PUT', path, token, body: { sections }, headers: { 'if-match': '"1"' } })
  await post(`/v1/courses/${courseId}/runs`, {
    price: { amount: 4900, currency: 'EUR' },
    capacity: 10,
    startsAt: addMs(now, 2 * DAY),
    endsAt: addMs(now, 30 * DAY),
    enrollmentOpensAt: addMs(now, -DAY),
    enrollmentClosesAt: addMs(now, DAY),
    pacing: 'self_paced',
  })
  await post(`/v1/courses/${courseId}/publish`)
  const publishedMs = performance.now()
  while (!(await isShown(`${platform.catalogUrl}/catalog/v1/courses/${slug}`))) await delay(POLL_MS)
  return performance.now() - publishedMs
}

const isShown = async (url: string): Promise<boolean> => {
  const response = await fetch(url)
  await response.arrayBuffer()
  return response.status === 200
}
