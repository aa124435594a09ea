import { describe, expect, test } from 'vitest'
import { addMs } from '#domain/kernel/clock.ts'
import { SHARDS } from '../outbox/shard.ts'
import { countUp } from './counting.ts'
import type { MakeFixture } from './fixture.ts'
import { sceneOf } from './scene.ts'

/** What every store tells those who operate the service. */
export const inspectionContract = (name: string, make: MakeFixture): void => {
  describe(`inspection on ${name}`, () => {
    const scene = sceneOf(make)

    test('shows what waits and since when', async () => {
      const { process, clock } = scene()
      const oldest = clock.now()
      await countUp(process, clock, 'a')
      clock.advance(1_000)
      await countUp(process, clock, 'b')
      expect(await process.inspection.backlog()).toEqual({ rows: 2, oldest, heldKeys: 0 })
    })

    test('shows the keys that are held back, those that failed most often first', async () => {
      const { process, clock } = scene()
      const until = addMs(clock.now(), 1_000)
      await process.outbox.hold('a', 1, until, 'no answer')
      await process.outbox.hold('b', 3, until, 'too large')
      await process.outbox.hold('c', 2, until, 'no answer')
      expect(await process.inspection.heldKeys(2)).toEqual([
        { key: 'b', attempts: 3, until, reason: 'too large' },
        { key: 'c', attempts: 2, until, reason: 'no answer' },
      ])
    })

    test('shows which sessions relay, and none where nobody does', async () => {
      const { process, another } = scene()
      const { inspection } = another()
      expect(await inspection.relays()).toEqual([])
      await process.outbox.claim()
      expect(await inspection.relays()).toEqual([{ session: expect.any(Number), shards: SHARDS }])
      await process.outbox.release()
      expect(await inspection.relays()).toEqual([])
    })
  })
}
