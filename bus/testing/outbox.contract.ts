import { describe, expect, test, vi } from 'vitest'
import { addMs } from '#domain/kernel/clock.ts'
import { decodeEnvelope } from '../envelope.ts'
import { SHARDS } from '../outbox/shard.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { countUp } from './counting.ts'
import { Counted, type MakeFixture, ORIGIN } from './fixture.ts'
import { sceneOf } from './scene.ts'

const LIMIT = 500
const numberIn = ({ envelope }: OutboxRow): unknown => Counted.data.parse(decodeEnvelope(envelope).data)

/** What every outbox promises to the relay. */
export const outboxContract = (name: string, make: MakeFixture): void => {
  describe(`the outbox on ${name}`, () => {
    const scene = sceneOf(make)

    const taken = async () => {
      const { process, clock } = scene()
      await process.outbox.claim()
      return process.outbox.take(LIMIT, clock.now())
    }
    const keys = async () => (await taken()).map(({ key }) => key)

    test('hands out finished envelopes in the order they were written', async () => {
      const { process, clock } = scene()
      for (const id of ['a', 'b', 'a']) await countUp(process, clock, id)
      const rows = await taken()
      expect(rows).toMatchObject([
        { key: 'a', route: 'events', type: Counted.type, attempts: 0 },
        { key: 'b', route: 'events', type: Counted.type, attempts: 0 },
        { key: 'a', route: 'events', type: Counted.type, attempts: 0 },
      ])
      expect(rows.map(numberIn)).toEqual([{ n: 1 }, { n: 1 }, { n: 2 }])
      expect(rows[0] && decodeEnvelope(rows[0].envelope)).toMatchObject({
        source: 'edtech.tally',
        subject: 'a',
        time: clock.now(),
        correlationid: ORIGIN.correlationId,
      })
    })

    test('hands out what one unit of work registered in that order', async () => {
      const { process, clock } = scene()
      const tx = process.store.begin(clock.now(), ORIGIN)
      for (let n = 1; n <= 20; n++) tx.publish(Counted, { n }, 'a')
      await process.store.flush(tx)
      expect((await taken()).map(numberIn)).toEqual(Array.from({ length: 20 }, (_, at) => ({ n: at + 1 })))
    })

    test('keeps the order of each key under concurrent writers', async () => {
      const { process, clock, another } = scene()
      const processes = [process, another()]
      const ids = ['a', 'b', 'c', 'd']
      const writes = Array.from({ length: 24 }, (_, at) => ({ at, id: ids[at % ids.length] ?? 'a' }))
      await Promise.all(writes.map(({ at, id }) => countUp(processes[at % 3 === 0 ? 1 : 0] ?? process, clock, id)))
      const rows = await taken()
      expect(rows.map(({ seq }) => seq)).toEqual(rows.map(({ seq }) => seq).toSorted((a, b) => a - b))
      for (const id of ids)
        expect(rows.filter(({ key }) => key === id).map(numberIn)).toEqual(
          Array.from({ length: 6 }, (_, at) => ({ n: at + 1 })),
        )
    })

    test('takes no more rows than asked for', async () => {
      const { process, clock } = scene()
      for (const id of ['a', 'b', 'c']) await countUp(process, clock, id)
      await process.outbox.claim()
      expect((await process.outbox.take(2, clock.now())).map(({ key }) => key)).toEqual(['a', 'b'])
    })

    test('deletes what was accepted, and only that', async () => {
      const { process, clock } = scene()
      for (const id of ['a', 'b', 'a']) await countUp(process, clock, id)
      const [first, second] = await taken()
      await process.outbox.accept([first?.seq ?? 0, second?.seq ?? 0], [])
      expect(await keys()).toEqual(['a'])
    })

    test('holds a key back until its time, with all its rows; others are not blocked', async () => {
      const { process, clock } = scene()
      for (const id of ['a', 'b', 'a']) await countUp(process, clock, id)
      await process.outbox.hold('a', 3, addMs(clock.now(), 1_000), 'no answer')
      expect(await keys()).toEqual(['b'])
      clock.advance(999)
      expect(await keys()).toEqual(['b'])
      clock.advance(1)
      expect(await taken()).toMatchObject([
        { key: 'a', attempts: 3 },
        { key: 'b', attempts: 0 },
        { key: 'a', attempts: 3 },
      ])
    })

    test('holds a key again and lets it go', async () => {
      const { process, clock } = scene()
      await countUp(process, clock, 'a')
      await process.outbox.hold('a', 1, addMs(clock.now(), 1_000), 'no answer')
      await process.outbox.hold('a', 2, addMs(clock.now(), 5_000), 'no answer')
      clock.advance(4_999)
      expect(await keys()).toEqual([])
      expect(await process.outbox.backlog()).toMatchObject({ rows: 1, heldKeys: 1 })
      await process.outbox.accept([], ['a'])
      expect(await taken()).toMatchObject([{ key: 'a', attempts: 0 }])
      expect(await process.outbox.backlog()).toMatchObject({ rows: 1, heldKeys: 0 })
    })

    test('tells how much waits and since when', async () => {
      const { process, clock } = scene()
      expect(await process.outbox.backlog()).toEqual({ rows: 0, oldest: undefined, heldKeys: 0 })
      const writtenAt = clock.now()
      await countUp(process, clock, 'a')
      clock.advance(1_000)
      await countUp(process, clock, 'b')
      expect(await process.outbox.backlog()).toEqual({ rows: 2, oldest: writtenAt, heldKeys: 0 })
    })

    test('belongs to one relay at a time', async () => {
      const { process, clock, another } = scene()
      const other = another()
      await countUp(process, clock, 'a')
      expect(await process.outbox.claim()).toBe(SHARDS)
      expect(await other.outbox.claim()).toBe(0)
      expect(await other.outbox.take(LIMIT, clock.now())).toEqual([])
      expect(await process.outbox.claim()).toBe(SHARDS)
      await process.outbox.release()
      expect(await other.outbox.claim()).toBe(SHARDS)
      expect(await other.outbox.take(LIMIT, clock.now())).toHaveLength(1)
    })

    test('goes from hand to hand between relays that let go after each sweep', async () => {
      const { process, clock, another } = scene()
      const other = another()
      for (const [id, relay] of [
        ['a', process],
        ['b', other],
        ['c', process],
      ] as const) {
        await countUp(process, clock, id)
        expect(await relay.outbox.claim()).toBe(SHARDS)
        expect((await relay.outbox.take(LIMIT, clock.now())).at(-1)).toMatchObject({ key: id })
        await relay.outbox.letGo()
      }
      expect(await other.outbox.take(LIMIT, clock.now())).toEqual([])
    })

    test('gives nothing to a relay that holds no shard', async () => {
      const { process, clock } = scene()
      await countUp(process, clock, 'a')
      expect(await process.outbox.take(LIMIT, clock.now())).toEqual([])
    })

    test('falls to another relay when the one that held it was killed', async () => {
      const { process, clock, another } = scene()
      await countUp(process, clock, 'a')
      await process.outbox.claim()
      await process.kill()
      const other = another()
      await vi.waitFor(async () => expect(await other.outbox.claim()).toBe(SHARDS), { timeout: 10_000 })
      expect(await other.outbox.take(LIMIT, clock.now())).toHaveLength(1)
    })
  })
}
