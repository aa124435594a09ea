import { expect, test } from 'vitest'
import { BoundedMap } from './bounded-map.ts'

test('what was set first goes when the budget of characters is spent, keys included', () => {
  const map = new BoundedMap<number>(30)
  map.set('one', 1, 7)
  map.set('two', 2, 7)
  map.set('one', 11, 7)
  map.set('six', 3, 7)
  expect([map.get('one'), map.get('two'), map.get('six')]).toEqual([11, 2, 3])
  map.set('ten', 4, 7)
  expect([map.get('one'), map.get('two'), map.get('six'), map.get('ten')]).toEqual([11, undefined, 3, 4])
  map.set('all', 5, 28)
  expect(['one', 'six', 'ten', 'all'].map((key) => map.get(key))).toEqual([undefined, undefined, undefined, undefined])
})
