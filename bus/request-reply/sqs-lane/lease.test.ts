import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createMemoryReplySlots } from '../../memory/reply-slots.ts'
import { createManualClock } from '../../testing/clock.ts'
import { createLease } from './lease.ts'
import type { ReplySlots } from './reply-slots.ts'

const LEASE_MS = 15_000

/** Instances of one service on one slot, and a clock for all of them. */
const instances = (slots: ReplySlots = createMemoryReplySlots(1)) => {
  const clock = createManualClock()
  const lost: number[] = []
  const start = (on: ReplySlots = slots) => createLease({ slots: on, clock, onLost: ({ epoch }) => lost.push(epoch) })
  /** Time in which the processes run. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 1_000) {
      clock.advance(1_000)
      await vi.advanceTimersByTimeAsync(1_000)
    }
  }
  return { clock, slots, lost, start, pass }
}

describe('the lease of a reply slot', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('is taken once, however many ask at once', async () => {
    const lease = instances().start()
    const held = await Promise.all([lease.hold(), lease.hold(), lease.hold()])
    expect(new Set(held)).toEqual(new Set([{ slot: 0, epoch: 1 }]))
  })

  test('stays with a process that runs', async () => {
    const { start, pass } = instances()
    const [lease, other] = [start(), start()]
    await lease.hold()
    await pass(10 * LEASE_MS)
    expect([await other.hold(), await lease.hold()]).toEqual([undefined, { slot: 0, epoch: 1 }])
  })

  test('of a process that was killed falls to another when its time is over, in another epoch', async () => {
    const { slots, clock, start, pass } = instances()
    // Killed at once: it never renews.
    await slots.take(clock.now(), new Date(Date.parse(clock.now()) + LEASE_MS).toISOString())
    const survivor = start()
    await pass(LEASE_MS - 1_000)
    expect(await survivor.hold()).toBeUndefined()
    await pass(1_000)
    expect(await survivor.hold()).toEqual({ slot: 0, epoch: 2 })
  })

  test('is lost by a process that stood still for longer than it, which finds out before it uses it', async () => {
    const { clock, lost, start } = instances()
    const [stalled, other] = [start(), start()]
    await stalled.hold()
    clock.advance(LEASE_MS)
    expect(await other.hold()).toEqual({ slot: 0, epoch: 2 })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(lost).toEqual([1])
    expect(await stalled.hold()).toBeUndefined()
  })

  test('outlives a store that is away for less than its time, and no longer', async () => {
    const slots = createMemoryReplySlots(1)
    let away = true
    const unreliable: ReplySlots = {
      ...slots,
      renew: async (held, until) => {
        if (away) throw new Error('no database')
        return slots.renew(held, until)
      },
    }
    const { lost, start, pass } = instances()
    const lease = start(unreliable)
    await lease.hold()
    await pass(10_000)
    away = false
    await pass(LEASE_MS)
    expect(lost).toEqual([])
    away = true
    await pass(2 * LEASE_MS)
    expect(lost).toEqual([1])
  })

  test('is free at once when it is given back', async () => {
    const { start } = instances()
    const [lease, other] = [start(), start()]
    await lease.hold()
    await lease.release()
    expect(await other.hold()).toEqual({ slot: 0, epoch: 2 })
  })
})
