import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { applyCourse } from '#edge/read-models/apply-course.ts'
import { reconcile } from '#edge/read-models/rebuild.ts'
import { courseView, run } from '#edge/read-models/testing/course-view.ts'
import { tableSource } from '#edge/read-models/testing/table-source.ts'
import { startWorkerd } from './host/start-workerd.ts'
import { componentSchemas } from './openapi/schemas.ts'
import { runningCatalog } from './testing/running-catalog.ts'

const price = { amount: 4999, currency: 'EUR' } as const
const rating = { count: 1, mean: 4, histogram: [0, 0, 0, 1, 0] }
const said = {
  reviewId: 'rev_01923c5e-0000-7000-8000-000000000001',
  stars: 4,
  text: 'Clear.',
  submittedAt: '2026-01-03T00:00:00.000Z',
} as const
const views = [
  courseView(1, { slug: 'algebra', formerSlugs: ['algebra-old'], revision: 5 }),
  courseView(2, { slug: 'retired', formerSlugs: ['retired-old'], status: 'archived' }),
  courseView(3, { slug: '机器学习', title: '机器学习', language: 'zh', runs: [run(3, { price })] }),
  courseView(4, { title: 'Geometry', level: 'advanced', rating, reviews: [said] }),
]

const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 10_000 })

const cacheStatus = (response: Response) => response.headers.get('cache-status')

describe('the Worker in workerd', () => {
  let catalog: Awaited<ReturnType<typeof runningCatalog>>

  beforeAll(async () => {
    catalog = await runningCatalog()
    await reconcile(catalog.redis, tableSource(views), 'first')
  })
  afterAll(() => catalog.stop())

  const { CoursePage, CourseReviews, CourseList, Facets, Suggestions, SubjectTree, Health, Problem } = componentSchemas

  describe('200', () => {
    test.each([
      ['/courses/algebra', CoursePage],
      ['/courses/%E6%9C%BA%E5%99%A8%E5%AD%A6%E4%B9%A0', CoursePage],
      ['/courses/course-4/reviews', CourseReviews],
      ['/courses', CourseList],
      ['/courses?rating=4&sort=rating', CourseList],
      ['/courses?q=学习&sort=-price&fields=id,price', CourseList],
      ['/facets?level=beginner', Facets],
      ['/suggest?q=al', Suggestions],
      ['/subjects', SubjectTree],
      ['/health', Health],
    ])('%s answers as documented', async (path, schema) => {
      const response = await catalog.get(path)
      expect(response.status).toBe(200)
      schema.parse(await response.json())
    })

    test('lists the published courses and walks their pages by Link', async () => {
      const titles: string[] = []
      let path: string | undefined = '/courses?sort=title&limit=1'
      while (path) {
        const response = await catalog.get(path)
        titles.push(...CourseList.parse(await response.json()).items.map(({ title }) => title ?? ''))
        path = /^<\/catalog\/v1(.*)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1]
      }
      expect(titles).toEqual(['Course 1', 'Geometry', '机器学习'])
    })

    test('what is said of a course has an address and a tag of its own', async () => {
      const path = '/courses/course-4/reviews'
      const response = await catalog.get(path)
      const etag = response.headers.get('etag') ?? ''
      expect(await response.json()).toEqual({ rating, items: [said] })
      expect((await catalog.get(path, { headers: { 'If-None-Match': etag } })).status).toBe(304)
      expect(await (await catalog.get('/courses/algebra/reviews')).json()).toEqual({ items: [] })
      const moved = await catalog.get('/courses/algebra-old/reviews', { redirect: 'manual' })
      expect([moved.status, moved.headers.get('location')]).toEqual([301, '/catalog/v1/courses/algebra/reviews'])
      expect((await catalog.get('/courses/retired/reviews')).status).toBe(410)
      expect((await catalog.get('/courses/unknown/reviews')).status).toBe(404)
      expect((await catalog.get('/courses/algebra/reviews/more')).status).toBe(404)
    })

    test('HEAD sends the headers alone', async () => {
      const response = await catalog.get('/courses/algebra', { method: 'HEAD' })
      expect(response.headers.get('etag')).toBe((await catalog.get('/courses/algebra')).headers.get('etag'))
      expect(await response.text()).toBe('')
    })

    test('JSON-LD has a tag of its own', async () => {
      const json = await catalog.get('/courses/algebra')
      const jsonLd = await catalog.get('/courses/algebra', { headers: { Accept: 'application/ld+json' } })
      expect(jsonLd.headers.get('content-type')).toBe('application/ld+json')
      expect(await jsonLd.json()).toMatchObject({ '@type': 'Course' })
      expect([json.headers.get('vary'), jsonLd.headers.get('vary')]).toEqual(['Accept', 'Accept'])
      expect(jsonLd.headers.get('etag')).not.toBe(json.headers.get('etag'))
    })

    test('a second request inside half a second makes no call to Redis', async () => {
      await eventually(async () => {
        await catalog.get('/courses/algebra')
        const calls = catalog.calls()
        expect(cacheStatus(await catalog.get('/courses/algebra'))).toBe('catalog; hit')
        expect(catalog.calls()).toBe(calls)
      })
    })
  })

  test.each(['/courses/algebra', '/courses', '/facets', '/subjects', '/openapi.json'])('304 for %s', async (path) => {
    const etag = (await catalog.get(path)).headers.get('etag') ?? ''
    for (const tags of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await catalog.get(path, { headers: { 'If-None-Match': tags } })
      expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([304, etag, ''])
    }
    expect((await catalog.get(path, { headers: { 'If-None-Match': '"other"' } })).status).toBe(200)
  })

  test('301 from a former slug straight to the current one, to be asked again each time', async () => {
    const response = await catalog.get('/courses/algebra-old')
    expect([response.status, response.headers.get('location')]).toEqual([301, '/catalog/v1/courses/algebra'])
    expect(response.headers.get('cache-control')).toBe('public, no-cache')
    expect(response.headers.get('etag')).toMatch(/^".+"$/)
  })

  test.each([
    [410, '/courses/retired', 'COURSE_ARCHIVED'],
    [410, '/courses/retired-old', 'COURSE_ARCHIVED'],
    [404, '/courses/nobody', 'COURSE_NOT_FOUND'],
    [404, '/courses/..%2fready', 'COURSE_NOT_FOUND'],
    [404, '/courses/%E0%A4', 'COURSE_NOT_FOUND'],
    [404, '/nothing', 'ROUTE_NOT_FOUND'],
    [400, '/courses?limit=0', 'INVALID_INPUT'],
    [400, '/courses?cursor=forged.cursor', 'INVALID_CURSOR'],
    [400, '/suggest', 'INVALID_INPUT'],
    [422, '/courses?priceMin=5', 'UNPROCESSABLE_QUERY'],
  ])('%d %s', async (status, path, code) => {
    const response = await catalog.get(path)
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json'])
    expect(Problem.parse(await response.json()).code).toBe(code)
  })

  test('400 for a cursor with other filters', async () => {
    const list = CourseList.parse(await (await catalog.get('/courses?limit=1')).json())
    const response = await catalog.get(`/courses?limit=1&level=beginner&cursor=${list.nextCursor}`)
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'INVALID_CURSOR' }])
  })

  test('405 names the methods that there are', async () => {
    const response = await catalog.get('/courses', { method: 'POST', body: '{}' })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
  })

  test('204 lets any site read', async () => {
    const headers = { Origin: 'https://example.org', 'Access-Control-Request-Method': 'GET' }
    const response = await catalog.get('/courses', { method: 'OPTIONS', headers })
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
  })

  test('no response is without Cache-Control', async () => {
    for (const path of ['/courses', '/courses/algebra', '/courses/nobody', '/nothing', '/courses?limit=0', '/health']) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'DELETE']) {
        const response = await catalog.get(path, { method })
        expect(response.headers.get('cache-control'), `${method} ${path}`).toMatch(/no-cache|no-store/)
      }
    }
  })

  test('an older event never overwrites a newer view', async () => {
    const { redis, get } = catalog
    await applyCourse(redis, courseView(1, { slug: 'algebra', revision: 7, title: 'Newer' }))
    await applyCourse(redis, courseView(1, { slug: 'algebra', revision: 6, title: 'Older' }))
    await eventually(async () => {
      expect(await (await get('/courses/algebra')).json()).toMatchObject({ title: 'Newer' })
      expect(JSON.stringify(await (await get('/courses')).json())).toContain('Newer')
    })
  })
})

describe('input that no key holds', () => {
  const headers = [
    { Cookie: 'session=1' },
    { Authorization: 'Bearer forged' },
    { Origin: 'https://evil.example' },
    { Referer: 'https://evil.example' },
    { 'X-Forwarded-Host': 'evil.example' },
    { 'X-Forwarded-Proto': 'http' },
    { 'X-Forwarded-For': '127.0.0.1' },
    { 'X-Forwarded-Prefix': '/evil' },
    { 'X-Original-URL': '/health' },
    { 'X-Rewrite-URL': '/health' },
    { 'X-HTTP-Method-Override': 'DELETE' },
    { Forwarded: 'host=evil.example' },
    { 'Accept-Language': 'de' },
    { 'User-Agent': 'evil' },
    { Accept: 'text/html' },
    { Accept: 'application/ld+json;q=0' },
    { Range: 'bytes=0-3' },
    { 'Cache-Control': 'no-cache' },
    { Pragma: 'no-cache' },
  ]
  const searches = [
    '?utm_source=x',
    '?level=beginner&level=beginner',
    '?level=beginner,beginner',
    '?LEVEL=advanced&level=beginner',
    '?%6cevel=beginner',
    '?level=%62eginner',
    '?callback=alert',
    '?__proto__=x&level=beginner',
    '?constructor=x',
    '?level[]=advanced',
    '?_method=DELETE',
    '?locale=de',
    '?level=beginner#fragment',
    '?;level=advanced',
    '?level=beginner&limit=20&sort=newest&free=false',
    '?&&&',
  ]
  const paths = ['/courses', '/courses/course-1', '/facets', '/subjects']

  test('gives the identical answer', async () => {
    const catalog = await runningCatalog()
    await reconcile(catalog.redis, tableSource([courseView(1), courseView(2)]), 'first')
    const answer = async (path: string, init?: RequestInit) => {
      const response = await catalog.get(path, init)
      return [response.status, response.headers.get('etag'), await response.text()]
    }
    let tried = 0
    for (const path of paths) {
      const expected = await answer(path)
      for (const mutation of headers) {
        expect(await answer(path, { headers: new Headers(mutation) }), `${path} ${JSON.stringify(mutation)}`).toEqual(
          expected,
        )
        tried++
      }
      for (const search of searches) {
        const filtered = /(?<!\[\]|;)level=(?:%62|b)|%6cevel/.test(search) && /courses$|facets/.test(path)
        const same = filtered ? await answer(`${path}?level=beginner`) : expected
        expect(await answer(path + search), path + search).toEqual(same)
        tried++
      }
    }
    expect(tried).toBeGreaterThan(100)
    await catalog.stop()
  })
})

test('Redis out of order: the copy with its age, and 503 where there is none', async () => {
  const catalog = await runningCatalog()
  await reconcile(catalog.redis, tableSource([courseView(1)]), 'first')
  const fresh = await (await catalog.get('/courses/course-1')).text()
  catalog.cutRedis()
  await eventually(async () => {
    const response = await catalog.get('/courses/course-1')
    expect(cacheStatus(response)).toMatch(/^catalog; hit; ttl=-\d+; detail=redis-unavailable$/)
    expect(await response.text()).toBe(fresh)
  })
  const response = await catalog.get('/courses')
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
  expect(cacheStatus(response)).toBe('catalog; fwd=uri-miss; detail=redis-unavailable')
  await catalog.stop()
})

test('a Redis that came back empty serves nothing new until it is rebuilt', async () => {
  const catalog = await runningCatalog()
  await reconcile(catalog.redis, tableSource([courseView(1)]), 'first')
  expect((await catalog.get('/courses/course-1')).status).toBe(200)
  catalog.redis.restart()
  await applyCourse(catalog.redis, courseView(2))
  expect((await catalog.get('/courses/course-2')).status).toBe(503)
  await reconcile(catalog.redis, tableSource([courseView(1), courseView(2)]), 'second')
  await eventually(async () => expect((await catalog.get('/courses/course-2')).status).toBe(200))
  await catalog.stop()
})

describe('workerd as a process', () => {
  test('has its own bindings, whatever others start from the same bundle', async () => {
    const entry = new URL('testing/telling-bindings.ts', import.meta.url)
    const given: Record<string, string>[] = [{ ONE: '1' }, { OTHER: '2', THIRD: '3' }, {}]
    const workers = await Promise.all(given.map((bindings) => startWorkerd({ entry, bindings })))
    const told = workers.map(async ({ port }) => (await fetch(`http://127.0.0.1:${port}/`)).json())
    expect(await Promise.all(told)).toEqual(given)
    await Promise.all(workers.map((worker) => worker.stop()))
  })

  test('says why it cannot start', async () => {
    const { worker, stop } = await runningCatalog()
    const entry = new URL('worker.ts', import.meta.url)
    await expect(startWorkerd({ entry, bindings: {}, port: worker.port })).rejects.toThrow('Address already in use')
    await stop()
  })

  test('dies with the process that started it, even by kill -9', async () => {
    const program = `
      import { startCatalogWorker } from ${JSON.stringify(new URL('workerd.ts', import.meta.url).href)}
      const { pid } = await startCatalogWorker({ redisUrl: 'http://127.0.0.1:1', redisToken: 't', cursorSecret: 's' })
      console.log(pid)`
    const host = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(createInterface({ input: host.stdout }), 'line')
    const pid = Number(line)
    expect(() => process.kill(pid, 0)).not.toThrow()
    host.kill('SIGKILL')
    await eventually(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'))
  })
})
