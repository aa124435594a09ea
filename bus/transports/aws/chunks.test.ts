import { expect, test } from 'vitest'
import { chunksOf } from './chunks.ts'

const sizes = (items: readonly number[], count: number, bytes: number) =>
  chunksOf(items, { count, bytes }, (item) => item)

test('a chunk is full by count', () => {
  expect(sizes([1, 1, 1, 1, 1], 2, 100)).toEqual([[1, 1], [1, 1], [1]])
})

test('a chunk is full by bytes, and may hold exactly that many', () => {
  expect(sizes([4, 6, 1, 9, 2], 10, 10)).toEqual([[4, 6], [1, 9], [2]])
})

test('what is too large for any chunk goes alone', () => {
  expect(sizes([1, 50, 1], 10, 10)).toEqual([[1], [50], [1]])
})

test('nothing makes no chunk', () => {
  expect(sizes([], 10, 10)).toEqual([])
})
