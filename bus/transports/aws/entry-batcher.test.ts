import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createEntryBatcher } from './entry-batcher.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A batcher whose calls are noted; `fails` tells which entries fail, by the number of the call. */
const batching = (fails: (entry: number, call: number) => boolean = () => false) => {
  const calls: (readonly number[])[] = []
  const givenUp: number[] = []
  const batcher = createEntryBatcher<number>({
    lingerMs: 1_000,
    send: async (entries) => {
      calls.push(entries)
      return entries.filter((entry) => fails(entry, calls.length))
    },
    onGivenUp: (entries) => givenUp.push(...entries),
  })
  return { batcher, calls, givenUp }
}
const upTo = (last: number): number[] => Array.from({ length: last }, (_, n) => n + 1)

describe('a batch', () => {
  test('leaves at once when it is full', () => {
    const { batcher, calls } = batching()
    for (const entry of upTo(25)) batcher.add(entry)
    expect(calls.map((call) => call.length)).toEqual([10, 10])
  })

  test('leaves when its first entry has waited long enough', () => {
    const { batcher, calls } = batching()
    batcher.add(1)
    vi.advanceTimersByTime(600)
    batcher.add(2)
    expect(calls).toEqual([])
    vi.advanceTimersByTime(400)
    expect(calls).toEqual([[1, 2]])
  })

  test('leaves when it is told to', async () => {
    const { batcher, calls } = batching()
    batcher.add(1)
    await batcher.flush()
    expect(calls).toEqual([[1]])
  })
})

describe('entries that fail', () => {
  test('are sent again alone', async () => {
    const { batcher, calls } = batching((entry, call) => entry % 5 === 0 && call === 1)
    for (const entry of upTo(10)) batcher.add(entry)
    await vi.runAllTimersAsync()
    expect(calls).toEqual([upTo(10), [5, 10]])
  })

  test('are given up after four tries', async () => {
    const { batcher, calls, givenUp } = batching((entry) => entry === 2)
    for (const entry of upTo(10)) batcher.add(entry)
    await vi.runAllTimersAsync()
    expect(calls).toEqual([upTo(10), [2], [2], [2]])
    expect(givenUp).toEqual([2])
  })

  test('with a call that rejects are all sent again, and a flush waits for that', async () => {
    const { batcher, calls } = batching((_entry, call) => {
      if (call === 1) throw new Error('throttled')
      return false
    })
    batcher.add(1)
    batcher.add(2)
    const flushed = batcher.flush()
    await vi.runAllTimersAsync()
    await flushed
    expect(calls).toEqual([
      [1, 2],
      [1, 2],
    ])
  })
})
