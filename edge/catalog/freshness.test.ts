import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { applyCourse } from '#edge/read-models/apply-course.ts'
import { CHUNK_REVISIONS, READY, slugKey } from '#edge/read-models/keys.ts'
import { rebuild, reconcile } from '#edge/read-models/rebuild.ts'
import { courseView } from '#edge/read-models/testing/course-view.ts'
import { tableSource } from '#edge/read-models/testing/table-source.ts'
import { componentSchemas, CourseList } from './openapi/schemas.ts'
import { catalogOnEngine } from './testing/catalog-on-engine.ts'

const TEN_MINUTES = 600_000
const status = (response: Response) => [response.status, response.headers.get('cache-status')]
const source = tableSource([courseView(1), courseView(2)])

const readyCatalog = async () => {
  const catalog = catalogOnEngine()
  await reconcile(catalog.redis, source, 'first')
  const titles = async () => {
    const { items } = CourseList.parse(await (await catalog.get('/courses?sort=title')).json())
    return items.map(({ title }) => title)
  }
  return { ...catalog, titles }
}

describe.each(['/courses/course-1', '/courses?level=beginner', '/facets', '/subjects'])('%s', (path) => {
  test('a copy answers for half a second without a call, then one call is made', async () => {
    const { get, pass, calls } = await readyCatalog()
    await get(path)
    calls.length = 0
    pass(499)
    expect(status(await get(path))).toEqual([200, 'catalog; hit'])
    expect(calls).toEqual([])
    pass(1)
    expect(status(await get(path))).toEqual([200, 'catalog; fwd=stale; stored'])
    expect(calls).toHaveLength(1)
  })

  test.each(['refused', 'hanging'] as const)(
    'a stale copy answers for ten minutes while Redis is %s',
    async (fault) => {
      const { get, pass, fail } = await readyCatalog()
      const fresh = await (await get(path)).text()
      fail(fault)
      pass(60_000)
      const stale = await get(path)
      expect(status(stale)).toEqual([200, 'catalog; hit; ttl=-60; detail=redis-unavailable'])
      expect(await stale.text()).toBe(fresh)
      pass(TEN_MINUTES - 60_000)
      expect((await get(path)).status).toBe(200)
      pass(1)
      const refused = await get(path)
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
    },
  )

  test('a Redis that came back empty counts as down until it is rebuilt', async () => {
    const { get, pass, redis } = await readyCatalog()
    await get(path)
    redis.restart()
    await applyCourse(redis, courseView(1, { title: 'Half a rebuild' }))
    pass(1000)
    expect(status(await get(path))).toEqual([200, 'catalog; hit; ttl=-1; detail=redis-unavailable'])
    await rebuild(redis, source, 'second')
    pass(1000)
    expect(status(await get(path))).toEqual([200, 'catalog; fwd=stale; stored'])
  })

  test('without a copy a Redis that fails is a 503', async () => {
    const { get, fail } = await readyCatalog()
    fail('refused')
    const response = await get(path)
    expect(response.status).toBe(503)
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('a clock that goes back makes copies old, not eternal', async () => {
    const { get, pass, calls } = await readyCatalog()
    await get(path)
    calls.length = 0
    pass(-3_600_000)
    await get(path)
    expect(calls).toHaveLength(1)
  })
})

test('only the chunk of the course that changed is fetched again', async () => {
  const { redis, pass, calls, titles } = await readyCatalog()
  expect(await titles()).toEqual(['Course 1', 'Course 2'])
  await applyCourse(redis, courseView(2, { revision: 2, title: 'Changed' }))
  calls.length = 0
  pass(500)
  expect(await titles()).toEqual(['Changed', 'Course 1'])
  expect(calls.map((call) => call.match(/cat:chunk:/g)?.length ?? 0)).toEqual([0, 1])
})

test('an absence is copied for half a second as well', async () => {
  const { get, redis, pass, calls } = await readyCatalog()
  expect((await get('/courses/course-9')).status).toBe(404)
  await applyCourse(redis, courseView(9))
  calls.length = 0
  expect((await get('/courses/course-9')).status).toBe(404)
  expect(calls).toEqual([])
  pass(500)
  expect((await get('/courses/course-9')).status).toBe(200)
})

test('a course archived in Redis leaves lists and pages', async () => {
  const { get, redis, pass, titles } = await readyCatalog()
  await titles()
  await applyCourse(redis, courseView(1, { revision: 2, status: 'archived' }))
  pass(500)
  expect(await titles()).toEqual(['Course 2'])
  expect((await get('/courses/course-1')).status).toBe(410)
})

test('a rebuild under another id drops the index, though the chunk revisions look the same', async () => {
  const { redis, pass, titles } = await readyCatalog()
  await titles()
  redis.restart()
  await rebuild(redis, tableSource([courseView(1)]), 'second')
  pass(500)
  expect(await titles()).toEqual(['Course 1'])
})

test('an index that was loaded in part is finished by the next request', async () => {
  const { get, redis, fail, calls, pass } = await readyCatalog()
  await reconcile(redis, tableSource(Array.from({ length: 300 }, (_, n) => courseView(n))), 'unused')
  const chunks = () => calls.join().match(/cat:chunk:\d+/g) ?? []
  fail(() => (chunks().length > 24 ? 'refused' : 'none'))
  expect((await get('/courses')).status).toBe(503)
  const [arrived, wanted] = [chunks().slice(0, 24), chunks().slice(24)]
  calls.length = 0
  fail('none')
  pass(1000)
  expect((await get('/courses?limit=100')).status).toBe(200)
  expect(chunks()).toEqual(expect.arrayContaining(wanted))
  expect(chunks()).not.toEqual(expect.arrayContaining(arrived.slice(0, 1)))
  expect(await (await get('/health')).json()).toMatchObject({ courses: 300 })
})

test('an isolate that slept through many changes loads as at its first request, having no copy left to serve', async () => {
  const { get, redis, fail, pass } = await readyCatalog()
  await get('/courses')
  await reconcile(redis, tableSource(Array.from({ length: 300 }, (_, n) => courseView(n, { revision: 2 }))), 'unused')
  pass(TEN_MINUTES + 1)
  fail(() => {
    pass(30)
    return 'none'
  })
  expect(status(await get('/courses'))).toEqual([200, 'catalog; fwd=stale; stored'])
})

test('after three failures nobody waits for Redis; half a second later one request tries', async () => {
  const { get, fail, pass, calls } = await readyCatalog()
  await get('/courses')
  pass(500)
  fail('refused')
  calls.length = 0
  for (let request = 0; request < 10; request++) await get('/courses')
  expect(calls).toHaveLength(3)
  pass(500)
  await Promise.all([get('/courses'), get('/courses'), get('/courses')])
  expect(calls).toHaveLength(4)
  fail('none')
  pass(500)
  expect(status(await get('/courses'))).toEqual([200, 'catalog; fwd=stale; stored'])
})

test('Redis has 150 ms, and 2 s for the first load of the index', async () => {
  const { get, redis, pass } = await readyCatalog()
  const timeout = vi.spyOn(AbortSignal, 'timeout')
  onTestFinished(() => timeout.mockRestore())
  await get('/courses/course-1')
  await get('/courses')
  await applyCourse(redis, courseView(2, { revision: 2, title: 'Changed' }))
  pass(500)
  await get('/courses')
  expect(timeout.mock.calls).toEqual([[150], [150], [2000], [150], [150]])
})

test('every call reads the sentinel', async () => {
  const { get, calls } = await readyCatalog()
  await get('/courses')
  await get('/courses/course-1')
  expect(calls.length).toBeGreaterThan(0)
  for (const call of calls) expect(JSON.parse(call)[0]).toEqual(['get', READY])
})

describe('a reply that arrives late', () => {
  test('does not put an older page in the place of a newer one', async () => {
    const { get, redis, pass, holdReply } = await readyCatalog()
    const title = async () => componentSchemas.CoursePage.parse(await (await get('/courses/course-1')).json()).title
    const { read, letGo } = holdReply(slugKey('course-1'))
    const slow = title()
    await read
    await applyCourse(redis, courseView(1, { revision: 2, title: 'Newer' }))
    pass(1)
    expect(await title()).toBe('Newer')
    letGo()
    expect(await slow).toBe('Course 1')
    expect(await title()).toBe('Newer')
  })

  test('does not put an older chunk in the place of a newer one, nor make the copy older than it is', async () => {
    const { redis, pass, calls, titles, holdReply } = await readyCatalog()
    await titles()
    await applyCourse(redis, courseView(2, { revision: 2, title: 'Second' }))
    pass(500)
    const { read, letGo } = holdReply('cat:chunk:')
    const slow = titles()
    await read
    await applyCourse(redis, courseView(2, { revision: 3, title: 'Third' }))
    pass(1)
    expect(await titles()).toContain('Third')
    letGo()
    await slow
    calls.length = 0
    pass(499)
    expect(await titles()).toContain('Third')
    expect(calls).toEqual([])
    pass(1)
    expect(await titles()).toContain('Third')
    expect(calls).toHaveLength(1)
  })

  test('from before a rebuild does not mix the catalogs of two rebuilds', async () => {
    const { redis, pass, titles, holdReply } = await readyCatalog()
    await titles()
    await applyCourse(redis, courseView(2, { revision: 2, title: 'Changed' }))
    pass(500)
    const { read, letGo } = holdReply(CHUNK_REVISIONS)
    const slow = titles()
    await read
    redis.restart()
    await rebuild(redis, tableSource([courseView(1, { title: 'Rebuilt' }), courseView(2)]), 'second')
    letGo()
    expect(await slow).toEqual(['Course 1', 'Course 2'])
    expect(await titles()).toEqual(['Course 2', 'Rebuilt'])
  })

  test('from before a rebuild does not drop the index that was loaded after it', async () => {
    const { get, redis, pass, calls, holdReply } = await readyCatalog()
    const { read, letGo } = holdReply(CHUNK_REVISIONS)
    const slow = get('/courses')
    await read
    redis.restart()
    await rebuild(redis, source, 'second')
    pass(1)
    await get('/courses')
    letGo()
    expect((await slow).status).toBe(200)
    calls.length = 0
    expect(status(await get('/courses?sort=title'))).toEqual([200, 'catalog; hit'])
    expect(calls).toEqual([])
  })
})
