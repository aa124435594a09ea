import { beforeEach, describe, expect, test } from 'vitest'
import { applyCourse } from './apply-course.ts'
import { applySubjects } from './apply-subjects.ts'
import { chunkOf } from './chunks.ts'
import { CHUNK_REVISIONS, chunkKey, READY, REBUILD, slugKey } from './keys.ts'
import { rebuild, reconcile, revisions } from './rebuild.ts'
import type { CatalogRedis } from './redis.ts'
import { catalogContents, fields } from './testing/catalog-contents.ts'
import { courseView } from './testing/course-view.ts'
import { tableSource } from './testing/table-source.ts'

/** What holds for the scripts in either of their two forms. */
export function catalogWrites(connectEmpty: () => Promise<CatalogRedis>) {
  let redis: CatalogRedis
  beforeEach(async () => {
    redis = await connectEmpty()
  })

  const slug = async (name: string) => fields(await redis.command('HGETALL', slugKey(name)))
  const card = (n: number) => {
    const { courseId } = courseView(n)
    return redis.command('HGET', chunkKey(chunkOf(courseId)), courseId)
  }
  const chunkRevision = (n: number) => redis.command('HGET', CHUNK_REVISIONS, String(chunkOf(courseView(n).courseId)))

  describe('writing a course', () => {
    test('puts its page under its slug, its card in a chunk and its revision on record', async () => {
      expect(await applyCourse(redis, courseView(1))).toBe('applied')
      expect(await slug('course-1')).toMatchObject({ kind: 'page', id: courseView(1).courseId })
      expect(await card(1)).toContain('"title":"Course 1"')
      expect(await revisions(redis)).toEqual(new Map([[courseView(1).courseId, 1]]))
    })

    test('an older revision is refused and changes nothing', async () => {
      await applyCourse(redis, courseView(1, { revision: 7, title: 'New' }))
      const before = await catalogContents(redis, ['course-1', 'old-slug'])
      expect(await applyCourse(redis, courseView(1, { revision: 6, title: 'Old', slug: 'old-slug' }))).toBe('older')
      expect(await catalogContents(redis, ['course-1', 'old-slug'])).toEqual(before)
    })

    test('revisions are compared as numbers', async () => {
      await applyCourse(redis, courseView(1, { revision: 9 }))
      expect(await applyCourse(redis, courseView(1, { revision: 10 }))).toBe('applied')
    })

    test('an equal revision applies again to the same contents', async () => {
      await applyCourse(redis, courseView(1, { revision: 3 }))
      const before = await catalogContents(redis, ['course-1'])
      expect(await applyCourse(redis, courseView(1, { revision: 3 }))).toBe('applied')
      expect(await catalogContents(redis, ['course-1'])).toEqual(before)
    })

    test('all former slugs lead straight to the current one, and one that comes back is a page again', async () => {
      await applyCourse(redis, courseView(1, { slug: 'a' }))
      await applyCourse(redis, courseView(1, { revision: 2, slug: 'b', formerSlugs: ['a'] }))
      await applyCourse(redis, courseView(1, { revision: 3, slug: 'c', formerSlugs: ['a', 'b'] }))
      expect(await slug('a')).toEqual({ id: courseView(1).courseId, kind: 'moved', to: 'c' })
      expect(await slug('b')).toEqual({ id: courseView(1).courseId, kind: 'moved', to: 'c' })
      await applyCourse(redis, courseView(1, { revision: 4, slug: 'a', formerSlugs: ['a', 'b', 'c'] }))
      expect(await slug('a')).toMatchObject({ kind: 'page' })
      expect(await slug('c')).toMatchObject({ kind: 'moved', to: 'a' })
    })

    test('an archived course leaves tombstones under every slug and no card', async () => {
      await applyCourse(redis, courseView(1))
      await applyCourse(redis, courseView(1, { revision: 2, status: 'archived', formerSlugs: ['older'] }))
      expect(await slug('course-1')).toEqual({ id: courseView(1).courseId, kind: 'gone' })
      expect(await slug('older')).toEqual({ id: courseView(1).courseId, kind: 'gone' })
      expect(await card(1)).toBeNull()
    })

    test('a slug never passes to another course, not even after its owner left it or was archived', async () => {
      await applyCourse(redis, courseView(1, { slug: 'algebra' }))
      await applyCourse(redis, courseView(1, { revision: 2, slug: 'maths', formerSlugs: ['algebra'] }))
      await applyCourse(
        redis,
        courseView(1, { revision: 3, slug: 'maths', formerSlugs: ['algebra'], status: 'archived' }),
      )
      const before = await catalogContents(redis, ['algebra', 'maths', 'course-2'])
      expect(await applyCourse(redis, courseView(2, { slug: 'algebra' }))).toBe('slug_taken')
      expect(await applyCourse(redis, courseView(2, { formerSlugs: ['maths'] }))).toBe('slug_taken')
      expect(await catalogContents(redis, ['algebra', 'maths', 'course-2'])).toEqual(before)
    })

    test('a change that the card does not show leaves the revision of the chunk alone, others do not', async () => {
      await applyCourse(redis, courseView(1))
      const before = await chunkRevision(1)
      await applyCourse(redis, courseView(1, { revision: 2, sections: [] }))
      expect(await chunkRevision(1)).toBe(before)
      await applyCourse(redis, courseView(1, { revision: 3, title: 'Another' }))
      expect(await chunkRevision(1)).not.toBe(before)
    })
  })

  test('an older taxonomy is refused', async () => {
    await applySubjects(redis, { revision: 2, subjects: [{ slug: 'new', name: 'New' }] })
    expect(await applySubjects(redis, { revision: 1, subjects: [] })).toBe('older')
    expect(await applySubjects(redis, { revision: 2, subjects: [{ slug: 'new', name: 'New' }] })).toBe('applied')
  })

  describe('rebuilding', () => {
    test('makes the catalog ready under its token', async () => {
      const outcome = await reconcile(redis, tableSource([courseView(1), courseView(2)]), 'first')
      expect(outcome).toEqual({ ready: true, written: 2, refused: [], ahead: [] })
      expect(await redis.command('GET', READY)).toBe('first')
    })

    test('does not make it ready when Redis lost the token meanwhile', async () => {
      const source = tableSource([courseView(1)])
      const interrupted = {
        ...source,
        view: async (courseId: string) => {
          await redis.command('DEL', REBUILD)
          return source.view(courseId)
        },
      }
      expect(await rebuild(redis, interrupted, 'first')).toMatchObject({ ready: false })
      expect(await redis.command('GET', READY)).toBeNull()
    })

    test('of two at once the later one makes it ready', async () => {
      const source = tableSource([courseView(1)])
      const overtaken = {
        ...source,
        subjects: async () => {
          await rebuild(redis, source, 'second')
          return source.subjects()
        },
      }
      expect(await rebuild(redis, overtaken, 'first')).toMatchObject({ ready: false })
      expect(await redis.command('GET', READY)).toBe('second')
    })
  })

  describe('reconciling', () => {
    test('writes what differs and nothing else', async () => {
      await reconcile(redis, tableSource([courseView(1), courseView(2)]), 'first')
      const changed = courseView(2, { revision: 5, title: 'Cheaper' })
      expect(await reconcile(redis, tableSource([courseView(1), changed]), 'unused')).toMatchObject({ written: 1 })
      expect(await card(2)).toContain('Cheaper')
      expect(await redis.command('GET', READY)).toBe('first')
    })

    test('does not call a Redis ready that was emptied meanwhile', async () => {
      const source = tableSource([courseView(1)])
      await reconcile(redis, source, 'first')
      const emptying = {
        ...source,
        revisions: async () => {
          await redis.command('DEL', READY)
          return source.revisions()
        },
      }
      expect(await reconcile(redis, emptying, 'unused')).toMatchObject({ ready: false })
    })

    test('names courses of which Redis knows more than the owner', async () => {
      await reconcile(redis, tableSource([courseView(1, { revision: 9 }), courseView(2)]), 'first')
      const outcome = await reconcile(redis, tableSource([courseView(1, { revision: 8 })]), 'unused')
      expect(outcome.ahead).toEqual([courseView(1).courseId, courseView(2).courseId])
    })

    test('does not take a course that changes between the two readings for one that its owner forgot', async () => {
      const source = tableSource([courseView(1)])
      await reconcile(redis, source, 'first')
      const changing = {
        ...source,
        revisions: async () => {
          const owned = await source.revisions()
          await applyCourse(redis, courseView(1, { revision: 2 }))
          return owned
        },
      }
      expect(await reconcile(redis, changing, 'unused')).toMatchObject({ ahead: [] })
    })

    test('names courses whose slug another one holds', async () => {
      const { refused } = await reconcile(redis, tableSource([courseView(1), courseView(2, { slug: 'course-1' })]), 't')
      expect(refused).toHaveLength(1)
    })
  })
}
