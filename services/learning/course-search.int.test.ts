import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { systemIds } from '#services/kit/ids.ts'
import { author, caller, problemOf } from './testing/author.ts'
import { type LearningService, startLearningService } from './testing/running-service.ts'

const MANY = 100_000
const BATCH = 5_000
const Page = z.object({ items: z.array(z.object({ title: z.string().optional() })), nextCursor: z.string().optional() })

let service: LearningService
beforeAll(async () => {
  service = await startLearningService()
})
afterAll(() => service.stop())

const staff = () => caller(service, `${systemIds.next('usr')} support`)
const titles = async (api: ReturnType<typeof caller>, search: string) =>
  Page.parse((await api.get(`/v1/courses?${search}`)).body).items.map(({ title }) => title)

describe('a search for courses', () => {
  const tutor = () => author(service)
  let mine: ReturnType<typeof author>
  beforeAll(async () => {
    mine = tutor()
    await mine.draft({ title: 'Running databases', summary: 'With indexes', language: 'en' })
    await mine.draft({ title: 'Häuser bauen', description: 'Von den Wänden bis zum Dach.', language: 'de' })
    await mine.draft({ title: 'Ολική άλγεβρα', language: 'el' })
    await mine.draft({ title: '机器学习入门', language: 'zh' })
    await mine.draft({ title: '100% algebra_1', language: 'en-GB' })
    await tutor().draft({ title: 'Somebody else’s databases', language: 'en' })
  })

  test.each([
    ['q=database', ['Running databases']],
    ['q=run index', ['Running databases']],
    ['q="with indexes"', ['Running databases']],
    ['q=databases -running', []],
    ['q=databasis', ['Running databases']],
    ['q=haus&language=de', ['Häuser bauen']],
    ['q=wand&language=de', ['Häuser bauen']],
    ['q=dach', ['Häuser bauen']],
    ['q=άλγεβρα', ['Ολική άλγεβρα']],
    ['q=学习', ['机器学习入门']],
    ['q=100%25', ['100% algebra_1']],
    ['q=%25', ['100% algebra_1']],
    ['language=en', ['100% algebra_1', 'Running databases']],
    ['language=en-GB', ['100% algebra_1']],
    ['status=PUBLISHED', []],
    ['q=nothing like it', []],
  ])('%s', async (search, expected) => {
    expect(await titles(mine.api, search)).toEqual(expected)
  })

  test('of everybody’s is for staff', async () => {
    expect(await titles(staff(), 'of=everybody&q=database')).toEqual(['Somebody else’s databases', 'Running databases'])
    expect(problemOf(await mine.api.get('/v1/courses?of=everybody')).code).toBe('FORBIDDEN')
  })

  test('goes on by cursor, which belongs to its search', async () => {
    const api = staff()
    const first = Page.parse((await api.get('/v1/courses?of=everybody&q=database&limit=1')).body)
    expect(await titles(api, `of=everybody&q=database&limit=1&cursor=${first.nextCursor}`)).toEqual([
      'Running databases',
    ])
    const other = await api.get(`/v1/courses?of=everybody&q=index&limit=1&cursor=${first.nextCursor}`)
    expect(other.body).toMatchObject({ code: 'INVALID_CURSOR' })
  })
})

describe(`among ${MANY} courses`, () => {
  const tutorId = systemIds.next('usr')
  const owner = () => caller(service, `${tutorId} tutor`)
  let courseId: string
  beforeAll(async () => {
    for (let made = 0; made < MANY; made += BATCH)
      await service.database.run(
        `insert into learning.courses (id, tutor_id, slug, status, title, summary, language, created_at, updated_at, version)
         select 'crs_' || uuidv7(), case when n % 1000 = 0 then $1 else 'usr_' || uuidv7() end, 'many-' || n, 'DRAFT',
           'Course ' || md5(n::text) || case when n % 5000 = 0 then ' on glaciers' else '' end, 'About ' || md5((n * 7)::text),
           'en', now(), now(), 1
         from generate_series($2::int + 1, $2::int + $3::int) n`,
        [tutorId, made, BATCH],
      )
    await service.database.run('analyze learning.courses', [])
    const page = z
      .object({ items: z.array(z.object({ courseId: z.string() })) })
      .parse((await owner().get('/v1/courses?limit=1')).body)
    courseId = page.items[0]?.courseId ?? ''
  }, 120_000)

  const Scans = z.array(z.object({ name: z.string(), scans: z.coerce.number() }))
  const scans = async (): Promise<ReadonlyMap<string, number>> => {
    const rows = await service.database.run(
      `select indexrelname as name, idx_scan as scans from pg_stat_user_indexes where relname = 'courses'
       union all select 'whole table', seq_scan from pg_stat_user_tables where relname = 'courses' and schemaname = 'learning'`,
      [],
    )
    return new Map(Scans.parse(rows).map(({ name, scans }) => [name, scans]))
  }

  test.each([
    ['one', () => `/v1/courses/${courseId}`, ['courses_pkey']],
    ['a list of one’s own', () => '/v1/courses?limit=20', ['courses_of_tutor']],
    ['a list of everybody’s', () => '/v1/courses?of=everybody&limit=20', ['courses_pkey']],
    ['a search', () => '/v1/courses?of=everybody&q=glacier', ['courses_by_words', 'courses_by_title_parts']],
    ['a part of a title', () => '/v1/courses?of=everybody&q=n%20glac', ['courses_by_words', 'courses_by_title_parts']],
  ])('%s is read by its index, and never the whole table', async (_, path, indexes) => {
    const api = caller(service, `${tutorId} tutor admin`)
    const before = await scans()
    const answer = await api.get(path())
    expect(answer.status).toBe(200)
    // A process tells of its scans once in a while.
    await vi.waitFor(
      async () => {
        const now = await scans()
        for (const index of indexes) expect(now.get(index), index).toBeGreaterThan(before.get(index) ?? 0)
        expect(now.get('whole table')).toBe(before.get('whole table'))
      },
      { timeout: 15_000, interval: 100 },
    )
  })

  test('a search finds all of it', async () => {
    const { items } = z
      .object({ items: z.array(z.unknown()) })
      .parse((await staff().get('/v1/courses?of=everybody&q=glacier&limit=100')).body)
    expect(items).toHaveLength(MANY / 5_000)
  })
})
