import { expect, test } from 'vitest'
import { BATCH_ROWS, inBatches } from './in-batches.ts'

test('what has piled up is removed by many small statements, not by one that times out for ever', async () => {
  let left = 2 * BATCH_ROWS + 3
  const removed: number[] = []
  const total = await inBatches(async () => {
    const now = Math.min(left, BATCH_ROWS)
    left -= now
    removed.push(now)
    return now
  })
  expect(total).toBe(2 * BATCH_ROWS + 3)
  expect(removed).toEqual([BATCH_ROWS, BATCH_ROWS, 3])
})
