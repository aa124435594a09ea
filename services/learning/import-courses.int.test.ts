import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { SUBJECTS } from '#domain/learning/subject.ts'
import { slugKey } from '#edge/read-models/keys.ts'
import { revisions } from '#edge/read-models/rebuild.ts'
import { systemIds } from '#services/kit/ids.ts'
import { z } from 'zod'
import { caller } from './testing/author.ts'
import { type LearningService, startLearningService } from './testing/running-service.ts'

const owner = systemIds.next('usr')
const who = `${systemIds.next('usr')} admin`

let service: LearningService
beforeAll(async () => {
  service = await startLearningService({ IMPORT_OWNER_ID: owner })
  service.users.names.set(owner, 'Free courses')
})
afterAll(() => service.stop())

const Results = z.object({
  results: z.array(
    z.object({
      url: z.string(),
      outcome: z.string(),
      courseId: z.string().optional(),
      code: z.string().optional(),
      detail: z.string().optional(),
    }),
  ),
})
const Subjects = z.object({ items: z.array(z.object({ slug: z.string(), parent: z.string().nullable() })) })

const item = (url: string, changes: Record<string, unknown> = {}) => ({
  url,
  title: 'Introduction to Algorithms',
  language: 'en',
  subject: { slug: 'algorithms', name: 'Algorithms' },
  provider: 'MIT (YouTube)',
  ...changes,
})

const load = async (items: unknown[], key = systemIds.next('key')) => {
  const { status, body } = await caller(service, who).post('/v1/course-imports', { items }, { 'idempotency-key': key })
  expect(status, JSON.stringify(body)).toBe(200)
  return Results.parse(body).results
}
const outcomes = async (items: unknown[]) => (await load(items)).map(({ outcome, code }) => code ?? outcome)
const pageOf = async (slug: string): Promise<unknown> =>
  JSON.parse(String(await service.redis.command('HGET', slugKey(slug), 'body')))
const subjects = async () => Subjects.parse((await caller(service, undefined).get('/v1/subjects')).body).items

describe('a list', () => {
  test('becomes published courses that are in the catalog; the same list again changes nothing', async () => {
    const list = [item('https://example.org/list/1'), item('https://example.org/list/2')]
    const first = await load(list)
    expect(first.map(({ outcome }) => outcome)).toEqual(['created', 'created'])
    // Two courses, each of which was made, offered and published; the projections come with the events.
    await vi.waitFor(() => expect(service.events).toHaveLength(6), { timeout: 10_000 })
    const pages = ['introduction-to-algorithms', 'introduction-to-algorithms-2']
    for (const slug of pages) await vi.waitFor(async () => expect(await pageOf(slug)).toBeTruthy(), { timeout: 10_000 })
    expect(await pageOf('introduction-to-algorithms')).toMatchObject({
      title: 'Introduction to Algorithms',
      summary: 'MIT (YouTube)',
      subject: { slug: 'algorithms', name: 'Algorithms and data structures' },
      tutor: { id: owner, name: 'Free courses' },
      runs: [{ price: { amount: 0 }, full: false, pacing: 'self_paced' }],
      lessonCount: 1,
    })
    const told = service.events.length
    expect((await load(list)).map(({ outcome, courseId }) => [outcome, courseId])).toEqual(
      first.map(({ courseId }) => ['unchanged', courseId]),
    )
    expect(await outcomes([item('HTTPS://Example.org:443/list/1#')])).toEqual(['unchanged'])
    expect(service.events).toHaveLength(told)
  })

  test('tells of each course that it was made, offered and published', async () => {
    const [{ courseId = '' } = {}] = await load([item('https://example.org/told')])
    await vi.waitFor(
      () =>
        expect(
          service.events
            .filter(({ data }) => JSON.stringify(data).includes(courseId))
            .map(({ type }) => type)
            .toSorted(),
        ).toEqual(['course.created', 'course.published', 'course.run_opened']),
      { timeout: 10_000 },
    )
  })

  test('that says something else of a course changes it, under its slug', async () => {
    await load([item('https://example.org/changed', { title: 'Before the change' })])
    expect(await outcomes([item('https://example.org/changed', { title: 'After the change' })])).toEqual(['updated'])
    await vi.waitFor(
      async () => expect(await pageOf('before-the-change')).toMatchObject({ title: 'After the change' }),
      { timeout: 10_000 },
    )
  })

  test('loses only the items that a rule refuses, each with its reason', async () => {
    const results = await load([
      item('ftp://example.org/a'),
      item('https://example.org/mixed/1'),
      item('https://example.org/mixed/1#'),
      item('https://example.org/mixed/2', { title: 'x'.repeat(300) }),
      item('https://example.org/mixed/3', { language: 'english!' }),
      item('https://example.org/mixed/4', { subject: { slug: 'not a slug', name: 'X' } }),
      item('https://example.org/mixed/5', { provider: undefined }),
    ])
    expect(results.map(({ outcome, code }) => code ?? outcome)).toEqual([
      'ITEM_URL_INVALID',
      'created',
      'ITEM_REPEATED',
      'ITEM_INVALID',
      'ITEM_INVALID',
      'ITEM_INVALID',
      'created',
    ])
    expect(results[3]?.detail).toContain('title')
    expect(results.map(({ url }) => url)[0]).toBe('ftp://example.org/a')
  })

  test('is for admins, under an idempotency key, and a hundred at most', async () => {
    const body = { items: [item('https://example.org/rights')] }
    expect((await caller(service, `${owner} tutor`).post('/v1/course-imports', body)).status).toBe(403)
    expect((await caller(service, undefined).post('/v1/course-imports', body)).status).toBe(401)
    expect(
      (await caller(service, who).send('POST', '/v1/course-imports', { body, headers: { 'idempotency-key': '' } }))
        .status,
    ).toBe(400)
    const many = Array.from({ length: 101 }, (_, n) => item(`https://example.org/many/${n}`))
    expect((await caller(service, who).post('/v1/course-imports', { items: many })).status).toBe(400)
  })

  test('sent twice at the same time makes each course once', async () => {
    const list = Array.from({ length: 20 }, (_, n) =>
      item(`https://example.org/race/${n}`, { subject: { slug: 'racing', name: 'Racing' } }),
    )
    const both = await Promise.all([load(list), load(list)])
    const ids = new Set(both.flat().map(({ courseId }) => courseId))
    expect(ids.size).toBe(20)
    expect(both.flat().filter(({ outcome }) => outcome === 'created')).toHaveLength(20)
  })
})

describe('subjects', () => {
  test('begin with the taxonomy of the domain', async () => {
    const stored = new Map((await subjects()).map(({ slug, parent }) => [slug, parent]))
    for (const { slug, parent } of SUBJECTS) expect(stored.get(slug), slug).toBe(parent)
  })

  test('grow by the headings of a list, in any script, once', async () => {
    const persian = { slug: 'یادگیری-ماشین', name: 'یادگیری ماشین', parent: { slug: 'computing', name: 'رایانش' } }
    const list = [item('https://example.org/fa', { language: 'fa-IR', subject: persian })]
    await load(list)
    const moved = { ...persian, parent: { slug: 'business', name: 'Business' } }
    await load([item('https://example.org/fa/2', { language: 'fa-IR', subject: moved })])
    const found = (await subjects()).filter(({ slug }) => slug === persian.slug)
    expect(found).toEqual(
      [{ slug: persian.slug, parent: 'computing', name: persian.name }].map(({ name: _, ...s }) => s),
    )
    await vi.waitFor(
      async () => expect(String(await service.redis.command('HGET', 'cat:subjects', 'body'))).toContain(persian.slug),
      { timeout: 10_000 },
    )
  })
})

test('a thousand courses are loaded and shown within seconds', async () => {
  const before = (await revisions(service.redis)).size
  const started = performance.now()
  for (let batch = 0; batch < 10; batch++) {
    const items = Array.from({ length: 100 }, (_, n) =>
      item(`https://example.org/bulk/${batch}/${n}`, {
        title: n % 10 === 0 ? 'Introduction' : `Course ${batch} ${n}`,
        subject: { slug: `subject-${batch}`, name: `Subject ${batch}`, parent: { slug: 'bulk', name: 'Bulk' } },
      }),
    )
    expect((await load(items)).filter(({ outcome }) => outcome !== 'created')).toEqual([])
  }
  const shown = async () => expect((await revisions(service.redis)).size - before).toBeGreaterThanOrEqual(1000)
  await vi.waitFor(shown, { timeout: 60_000, interval: 100 })
  expect(performance.now() - started).toBeLessThan(20_000)
}, 90_000)
