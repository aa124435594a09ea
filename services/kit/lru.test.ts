import { createLru } from '#services/kit/lru.ts'
import { expect, test } from 'vitest'

test('forgets what was not used for the longest time', () => {
  const lru = createLru<number>(2)
  lru.set('a', 1)
  lru.set('b', 2)
  lru.get('a')
  lru.set('c', 3)
  expect([lru.get('a'), lru.get('b'), lru.get('c')]).toEqual([1, undefined, 3])
})

test('replaces and deletes without forgetting others', () => {
  const lru = createLru<number>(2)
  lru.set('a', 1)
  lru.set('b', 2)
  lru.set('a', 3)
  expect([lru.get('a'), lru.get('b')]).toEqual([3, 2])
  lru.delete('a')
  expect(lru.get('a')).toBeUndefined()
})
