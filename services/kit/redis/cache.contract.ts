import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Cache, type CacheRule, createCache } from './cache.ts'
import type { Redis } from './redis.ts'
import { uniqueKey } from './testing/unique-key.ts'

const Thing = z.object({ name: z.string() })
type Thing = z.infer<typeof Thing>
const RULE: CacheRule<Thing> = { service: 'test', kind: 'thing', schema: Thing, ttlSeconds: 60 }

/** What the cache does on any `Redis`. */
export const cacheContract = (name: string, connect: () => Promise<Redis>): void => {
  describe(`the cache on ${name}`, () => {
    let redis: Redis
    let cache: Cache<Thing>
    beforeAll(async () => {
      redis = await connect()
      cache = createCache(redis, RULE, () => 0.5)
    })
    afterAll(() => redis.close())

    /** Something that changes, and counts how often it is read. */
    const source = (first: string | undefined) => {
      const id = uniqueKey()
      const state = { name: first, reads: 0 }
      const load = async () => {
        state.reads++
        return state.name === undefined ? undefined : { name: state.name }
      }
      return { id, state, load, read: (variant?: string) => cache.read(id, load, variant) }
    }
    const ttlOf = async (id: string, variant = '') => redis.command('PTTL', `cache:test:thing:${id}:${variant}`)

    test('reads once and answers again', async () => {
      const { state, read } = source('one')
      expect([await read(), await read()]).toEqual([{ name: 'one' }, { name: 'one' }])
      expect(state.reads).toBe(1)
    })

    test('keeps for its ttl, and that there is nothing for half a minute', async () => {
      const [something, nothing] = [source('one'), source(undefined)]
      await something.read()
      expect([await nothing.read(), await nothing.read()]).toEqual([undefined, undefined])
      expect(nothing.state.reads).toBe(1)
      for (const [{ id }, seconds] of [[something, 60] as const, [nothing, 30] as const]) {
        const left = Number(await ttlOf(id))
        expect(left).toBeLessThanOrEqual(seconds * 1_000)
        expect(left).toBeGreaterThan(seconds * 1_000 - 5_000)
      }
    })

    test.each([
      [0, 54_000],
      [0.999_9, 66_000],
    ])('ends its entries at times of their own: %d', async (drawn, longest) => {
      const { id, load } = source('one')
      await createCache(redis, RULE, () => drawn).read(id, load)
      const left = Number(await ttlOf(id))
      expect(left).toBeLessThanOrEqual(longest)
      expect(left).toBeGreaterThan(longest - 5_000)
    })

    test('answers nothing older after a drop', async () => {
      const { id, state, read } = source('one')
      await read()
      state.name = 'two'
      await cache.drop(id)
      expect(await ttlOf(id)).toBe(-2)
      expect(await read()).toEqual({ name: 'two' })
      expect(state.reads).toBe(2)
    })

    test('drops all variants of one thing, and of no other', async () => {
      const [one, other] = [source('one'), source('other')]
      for (const variant of ['a', 'b']) await one.read(variant)
      await other.read('a')
      one.state.name = 'two'
      await cache.drop(one.id)
      expect([await one.read('a'), await one.read('b'), await other.read('a')]).toEqual([
        { name: 'two' },
        { name: 'two' },
        { name: 'other' },
      ])
      expect([one.state.reads, other.state.reads]).toEqual([4, 1])
    })

    test('does not keep what changed while it was read', async () => {
      const { id, state, load, read } = source('one')
      const slow = await cache.read(id, async () => {
        const old = await load()
        state.name = 'two'
        await cache.drop(id)
        return old
      })
      expect(slow).toEqual({ name: 'one' })
      expect(await ttlOf(id)).toBe(-2)
      expect(await read()).toEqual({ name: 'two' })
    })

    test('reads again what another version has kept in another shape', async () => {
      const { id, state, read } = source('one')
      await redis.command('SET', `cache:test:thing:${id}:`, '0 {"title":"one"}')
      expect([await read(), await read()]).toEqual([{ name: 'one' }, { name: 'one' }])
      expect(state.reads).toBe(1)
    })

    test('lets one of many read', async () => {
      const { state, read } = source('one')
      const answers = await Promise.all(Array.from({ length: 20 }, () => read()))
      expect(new Set(answers.map((answer) => answer?.name))).toEqual(new Set(['one']))
      expect(state.reads).toBe(1)
    })

    test('tells all who waited of a failure, and keeps nothing of it', async () => {
      const { id, read } = source('one')
      const failing = () => cache.read(id, () => Promise.reject(new Error('No database.')))
      const outcomes = await Promise.allSettled([failing(), failing()])
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
      expect(await read()).toEqual({ name: 'one' })
    })
  })
}
