import { addMs, DAY, systemClock } from '#domain/kernel/clock.ts'
import type { UserId } from '#domain/kernel/ids.ts'
import { systemIds } from '#services/kit/ids.ts'
import { z } from 'zod'
import { CourseResource, CourseRunResource, CurriculumResource } from '../resources.ts'
import type { LearningService } from './running-service.ts'

export interface Sent {
  readonly status: number
  readonly etag: string | undefined
  readonly headers: Headers
  readonly body: unknown
}

/** The body of an answer that is to be a success. */
const successOf = ({ status, body }: Sent): unknown => {
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`)
  return body
}

const JSON_TYPES: Readonly<Record<string, string>> = { PATCH: 'application/merge-patch+json' }

/** Somebody who calls the API; `who` is what the test host takes for a token. */
export const caller = (service: LearningService, who: string | undefined) => {
  const send = async (
    method: string,
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Sent> => {
    const response = await service.http.fetch(
      new Request(`http://localhost${path}`, {
        method,
        headers: {
          ...(who && { 'x-actor': who }),
          ...(body !== undefined && { 'content-type': JSON_TYPES[method] ?? 'application/json' }),
          ...(method === 'POST' && { 'idempotency-key': systemIds.next('key') }),
          ...headers,
        },
        body: body === undefined ? null : JSON.stringify(body),
      }),
    )
    const text = await response.text()
    const parsed: unknown = text === '' ? undefined : JSON.parse(text)
    const { status } = response
    return { status, etag: response.headers.get('etag') ?? undefined, headers: response.headers, body: parsed }
  }
  return {
    get: (path: string, headers: Record<string, string> = {}) => send('GET', path, { headers }),
    post: (path: string, body?: unknown, headers: Record<string, string> = {}) => send('POST', path, { body, headers }),
    patch: (path: string, version: number, body: unknown) =>
      send('PATCH', path, { body, headers: { 'if-match': `"${version}"` } }),
    put: (path: string, version: number, body: unknown) =>
      send('PUT', path, { body, headers: { 'if-match': `"${version}"` } }),
    send,
  }
}

export const openTerms = (changes: Record<string, unknown> = {}) => {
  const now = systemClock.now()
  return {
    price: { amount: 4900, currency: 'EUR' },
    capacity: 2,
    startsAt: addMs(now, 7 * DAY),
    endsAt: addMs(now, 60 * DAY),
    enrollmentOpensAt: addMs(now, -DAY),
    enrollmentClosesAt: addMs(now, 14 * DAY),
    pacing: 'instructor_paced',
    ...changes,
  }
}

export const outline = [
  {
    title: 'Vectors',
    lessons: [
      { title: 'Arrows', content: { kind: 'markdown', markdown: 'Draw an arrow.' } },
      { title: 'Sums', content: { kind: 'external', url: 'https://example.org/sums' } },
    ],
  },
]

/** A tutor with a public name, and the way from nothing to a published course. */
export const author = (service: LearningService, name = 'Ada Byron') => {
  const userId: UserId = systemIds.next('usr')
  service.users.names.set(userId, name)
  const api = caller(service, `${userId} tutor`)

  const draft = async (changes: Record<string, unknown> = {}) => {
    const details = { title: `Linear algebra ${systemIds.next('n').slice(-6)}`, subject: 'algebra', language: 'en' }
    return CourseResource.parse(successOf(await api.post('/v1/courses', { ...details, ...changes })))
  }
  const ready = async (changes?: Record<string, unknown>, terms?: Record<string, unknown>) => {
    const { courseId } = await draft(changes)
    const curriculum = await api.put(`/v1/courses/${courseId}/curriculum`, 1, { sections: outline })
    CurriculumResource.parse(successOf(curriculum))
    const run = CourseRunResource.parse(successOf(await api.post(`/v1/courses/${courseId}/runs`, openTerms(terms))))
    return { courseId, run }
  }
  const published = async (changes?: Record<string, unknown>, terms?: Record<string, unknown>) => {
    const { courseId, run } = await ready(changes, terms)
    const course = CourseResource.parse(successOf(await api.post(`/v1/courses/${courseId}/publish`)))
    return { course, run }
  }
  return { userId, api, draft, ready, published }
}

const Problem = z.object({ code: z.string(), errors: z.array(z.object({ pointer: z.string() })).optional() })

/** The code of a problem, and where it points. */
export const problemOf = ({ body }: Sent): { code: string; pointers: string[] } => {
  const { code, errors = [] } = Problem.parse(body)
  return { code, pointers: errors.map(({ pointer }) => pointer) }
}
