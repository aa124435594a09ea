import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DomainError, type ErrorKind } from '#domain/kernel/errors.ts'
import type { Actor } from '../cqrs/actor.ts'
import { command } from '../cqrs/definitions.ts'
import { IdempotencyKeyReused, RequestInFlight } from '../cqrs/errors.ts'
import { IdempotencyRace } from '../unit-of-work/unit-of-work.ts'
import { Counted, type MakeFixture, ORIGIN, type TestProcess } from './fixture.ts'
import { sceneOf } from './scene.ts'

const contract = { input: z.unknown(), output: z.unknown(), scope: 'public', idempotent: true } as const
const Buy = command('tally.buy', contract)
const Sell = command('tally.sell', contract)
const service = (name: string): Actor => ({ kind: 'service', service: name })

/** What every store of idempotency records promises: one key, one answer. */
export const idempotencyContract = (name: string, make: MakeFixture): void => {
  describe(`idempotency records on ${name}`, () => {
    const scene = sceneOf(make)

    const open = (input: unknown = { n: 1 }, { process = scene().process, by = service('shop'), of = Buy } = {}) =>
      process.idempotency.open(of, 'key-1', by, input)
    const begin = ({ store }: TestProcess) => store.begin(scene().clock.now(), ORIGIN)

    const answered = async (output: unknown) => {
      const { process } = scene()
      const entry = await open()
      const tx = begin(process)
      entry.record(tx, output)
      await process.store.flush(tx)
      entry.close()
    }
    const refusedWith = async (kind: ErrorKind) => {
      const entry = await open()
      const fields = [{ pointer: '/n', detail: 'Too many.' }]
      await entry.recordRefusal(new DomainError('NO', kind, 'Not now.', { fields }), ORIGIN)
      entry.close()
    }

    test('a new key has no answer', async () => {
      expect((await open()).stored).toBeUndefined()
    })

    test('the answer is there once the effect is, and not before', async () => {
      const entry = await open()
      entry.record(begin(scene().process), { id: 'x' })
      entry.close()
      expect((await open()).stored).toBeUndefined()
    })

    test('the same key gets the same answer, whatever the order of the input’s fields', async () => {
      const entry = await open({ a: 1, b: { c: 2, d: 3 } })
      const tx = begin(scene().process)
      entry.record(tx, { id: 'x', list: [2, 1] })
      await scene().process.store.flush(tx)
      entry.close()
      const again = await open({ b: { d: 3, c: 2 }, a: 1 })
      expect(again.stored?.()).toEqual({ id: 'x', list: [2, 1] })
    })

    test('another input under the same key is refused, and the key stays free for its own', async () => {
      await answered('x')
      await expect(open({ n: 2 })).rejects.toSatisfy(IdempotencyKeyReused.is)
      expect((await open()).stored?.()).toBe('x')
    })

    test('a key of another caller or operation is another key', async () => {
      await answered('x')
      expect((await open({ n: 2 }, { by: service('till') })).stored).toBeUndefined()
      expect((await open({ n: 2 }, { of: Sell })).stored).toBeUndefined()
    })

    test('a key is in flight until its request is done', async () => {
      const entry = await open()
      await expect(open()).rejects.toSatisfy(RequestInFlight.is)
      entry.close()
      await expect(open()).resolves.toBeDefined()
    })

    test.each(['conflict', 'not_found', 'gone'] as const)('a refusal of kind %s is the answer', async (kind) => {
      await refusedWith(kind)
      const { stored } = await open()
      const fields = [{ pointer: '/n', detail: 'Too many.' }]
      expect(stored).toThrow(expect.objectContaining({ code: 'NO', kind, message: 'Not now.', fields }))
    })

    test.each(['unavailable', 'internal', 'unauthenticated'] as const)('a refusal of kind %s is none', async (kind) => {
      await refusedWith(kind)
      expect((await open()).stored).toBeUndefined()
    })

    test('one of two processes wins a key, and the loser leaves no trace', async () => {
      const [one, other] = [scene().process, scene().another()]
      const first = await open({ n: 1 }, { process: one })
      const second = await open({ n: 1 }, { process: other })
      const winning = begin(one)
      first.record(winning, 'first')
      await one.store.flush(winning)
      const losing = begin(other)
      other.counters.save(losing, 'a', 0)
      losing.publish(Counted, { n: 1 }, 'a')
      second.record(losing, 'second')
      await expect(other.store.flush(losing)).rejects.toBeInstanceOf(IdempotencyRace)
      expect(await other.counters.version('a')).toBe(0)
      expect(await other.outbox.backlog()).toMatchObject({ rows: 0 })
      second.close()
      expect((await open({ n: 1 }, { process: other })).stored?.()).toBe('first')
    })

    test('a refusal that comes second is told so', async () => {
      const [one, other] = [scene().process, scene().another()]
      const first = await open({ n: 1 }, { process: one })
      const second = await open({ n: 1 }, { process: other })
      const winning = begin(one)
      first.record(winning, 'first')
      await one.store.flush(winning)
      const refusal = new DomainError('NO', 'conflict', 'Not now.')
      await expect(second.recordRefusal(refusal, ORIGIN)).rejects.toBeInstanceOf(IdempotencyRace)
    })

    test('an answer is forgotten when it is old', async () => {
      const { process, clock } = scene()
      await answered('x')
      expect(await process.idempotency.prune(clock.now())).toBe(0)
      clock.advance(1)
      expect(await process.idempotency.prune(clock.now())).toBe(1)
      expect((await open({ n: 2 })).stored).toBeUndefined()
    })
  })
}
