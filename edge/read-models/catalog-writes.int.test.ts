import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '#services/kit/redis/engine.ts'
import type { Redis } from '#services/kit/redis/redis.ts'
import { connectRedis } from '#services/kit/redis/server.ts'
import { redisUrl } from '#services/kit/redis/testing/server-url.ts'
import { applyCourse } from './apply-course.ts'
import { catalogWrites } from './catalog-writes.contract.ts'
import type { CourseView } from './course-view.ts'
import { catalogContents } from './testing/catalog-contents.ts'
import { courseView } from './testing/course-view.ts'

// A database of its own: the catalog has fixed keys, and other suites share the server.
const DATABASE = '/7'

describe.runIf(redisUrl)('catalog writes on a Redis server', () => {
  let redis: Redis

  beforeAll(async () => {
    redis = connectRedis({ url: new URL(DATABASE, redisUrl).href, commandTimeoutMs: 5000 })
    await new Promise<void>((resolve) => redis.onConnect(resolve))
  })
  afterAll(() => redis.close())

  const emptied = async () => {
    await redis.command('FLUSHDB')
    return redis
  }

  catalogWrites(emptied)

  test('Lua and TypeScript answer and leave the same, whatever is applied in whatever order', async () => {
    const slug = fc.constantFrom('a', 'b', 'c', 'd')
    const views: fc.Arbitrary<CourseView> = fc
      .record({
        n: fc.integer({ min: 1, max: 3 }),
        revision: fc.integer({ min: 1, max: 12 }),
        slug,
        formerSlugs: fc.uniqueArray(slug),
        status: fc.constantFrom('published', 'archived'),
        title: fc.constantFrom('One', 'Two'),
      })
      .map(({ n, ...changes }) => courseView(n, changes))

    await fc.assert(
      fc.asyncProperty(fc.array(views, { maxLength: 15 }), async (applied) => {
        const server = await emptied()
        const engine = createEngine({ now: Date.now })
        for (const view of applied) expect(await applyCourse(server, view)).toBe(await applyCourse(engine, view))
        const slugs = ['a', 'b', 'c', 'd']
        expect(await catalogContents(server, slugs)).toEqual(await catalogContents(engine, slugs))
      }),
      { numRuns: 30 },
    )
  })
})
