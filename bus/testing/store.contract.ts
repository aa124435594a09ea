import { afterEach, describe, expect, test } from 'vitest'
import { onFailpoint } from '../failpoints.ts'
import { DuplicateMessage, FlushConflict } from '../unit-of-work/unit-of-work.ts'
import { countUp } from './counting.ts'
import { Counted, type MakeFixture, ORIGIN, SERVICE, type TestProcess } from './fixture.ts'
import { sceneOf } from './scene.ts'

const CONSUMER = `${SERVICE}/counting`

/** What every store promises of a flush: all that was registered, or nothing. */
export const storeContract = (name: string, make: MakeFixture): void => {
  describe(`a unit of work on ${name}`, () => {
    const scene = sceneOf(make)
    afterEach(() => onFailpoint(undefined))

    const begin = ({ store }: TestProcess) => store.begin(scene().clock.now(), ORIGIN)
    const rows = async ({ outbox }: TestProcess) => (await outbox.backlog()).rows
    const received = ({ inbox }: TestProcess, id: string) => inbox.storedReply(CONSUMER, id)

    test('commits rows, inbox and outbox together', async () => {
      const { process } = scene()
      const tx = begin(process)
      process.counters.save(tx, 'a', 0)
      tx.receive(CONSUMER, 'msg_1', '{"n":1}')
      tx.publish(Counted, { n: 1 }, 'a')
      await process.store.flush(tx)
      expect(await process.counters.version('a')).toBe(1)
      expect(await received(process, 'msg_1')).toBe('{"n":1}')
      expect(await rows(process)).toBe(1)
    })

    test('commits nothing where one write finds another state, and names it', async () => {
      const { process } = scene()
      await countUp(process, scene().clock, 'b')
      const tx = begin(process)
      process.counters.save(tx, 'a', 0)
      process.counters.save(tx, 'b', 7)
      tx.receive(CONSUMER, 'msg_1')
      tx.publish(Counted, { n: 1 }, 'a')
      const flush = process.store.flush(tx)
      await expect(flush).rejects.toBeInstanceOf(FlushConflict)
      await expect(flush).rejects.toMatchObject({ write: 'counter' })
      expect(await process.counters.version('a')).toBe(0)
      expect(await received(process, 'msg_1')).toBeUndefined()
      expect(await rows(process)).toBe(1)
    })

    test('is not run for a message that has taken effect', async () => {
      const { process } = scene()
      const first = begin(process)
      first.receive(CONSUMER, 'msg_1')
      await process.store.flush(first)
      const repeat = begin(process)
      repeat.receive(CONSUMER, 'msg_1')
      process.counters.save(repeat, 'a', 0)
      repeat.publish(Counted, { n: 1 }, 'a')
      await expect(process.store.flush(repeat)).rejects.toBeInstanceOf(DuplicateMessage)
      expect(await process.counters.version('a')).toBe(0)
      expect(await rows(process)).toBe(0)
    })

    test('tells a repeat as one, whatever else has missed and in whatever order it was registered', async () => {
      const { process } = scene()
      const insert = () => {
        const tx = begin(process)
        process.counters.save(tx, 'a', 0)
        tx.receive(CONSUMER, 'msg_1')
        return process.store.flush(tx)
      }
      await insert()
      await expect(insert()).rejects.toBeInstanceOf(DuplicateMessage)
    })

    test('takes a message once where two processes handle it at the same time', async () => {
      const [one, other] = [scene().process, scene().another()]
      const outcomes = await Promise.allSettled(
        [one, other, one, other].map((process, n) => {
          const tx = begin(process)
          tx.receive(CONSUMER, 'msg_1')
          process.counters.save(tx, `counter-${n}`, 0)
          return process.store.flush(tx)
        }),
      )
      const refusals = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason)
      expect(refusals).toEqual(Array.from({ length: 3 }, () => expect.any(DuplicateMessage)))
    })

    test('lets every consumer take the same message', async () => {
      const { process } = scene()
      const tx = begin(process)
      tx.receive(CONSUMER, 'msg_1')
      tx.receive(`${SERVICE}/other`, 'msg_1')
      await expect(process.store.flush(tx)).resolves.toBeUndefined()
    })

    test('loses no update of concurrent writers', async () => {
      const [one, other] = [scene().process, scene().another()]
      await Promise.all([one, other, one, other, one, other].map((process) => countUp(process, scene().clock, 'a')))
      expect(await one.counters.version('a')).toBe(6)
    })

    test('tells of a commit exactly when it left rows in the outbox', async () => {
      const { process } = scene()
      let commits = 0
      process.store.onCommit(() => commits++)
      await process.store.flush(begin(process))
      const silent = begin(process)
      process.counters.save(silent, 'a', 0)
      await process.store.flush(silent)
      expect(commits).toBe(0)
      await countUp(process, scene().clock, 'b')
      expect(commits).toBe(1)
    })

    test.each([
      ['before_commit', 0],
      ['after_commit', 1],
    ])('that dies at %s has left %i rows', async (place, left) => {
      const { process } = scene()
      onFailpoint((at) => {
        if (at === `${SERVICE}.flush.${place}`) throw new Error('killed')
      })
      await expect(countUp(process, scene().clock, 'a')).rejects.toThrow('killed')
      expect(await rows(process)).toBe(left)
      expect(await process.counters.version('a')).toBe(left)
    })

    test('checks what it publishes against the contract', () => {
      expect(() => begin(scene().process).publish(Counted, { n: 1.5 }, 'a')).toThrow('expected int')
    })
  })
}
