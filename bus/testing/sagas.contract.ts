import { describe, expect, test } from 'vitest'
import { addMs } from '#domain/kernel/clock.ts'
import type { JournalEntry, SagaInstance } from '../sagas/instance.ts'
import { FlushConflict } from '../unit-of-work/unit-of-work.ts'
import { Counted, type MakeFixture, ORIGIN } from './fixture.ts'
import { sceneOf } from './scene.ts'

const START = '2026-03-01T12:00:00.000Z'

const instance = (key: string, changes: Partial<SagaInstance> = {}): SagaInstance => ({
  type: 'Trip',
  key,
  schema: 1,
  status: 'running',
  step: 'flight',
  state: { seats: 2, name: 'Zürich' },
  pending: [{ step: 'flight', type: 'payment.process', input: { n: 1 }, attempts: 1, declines: 0 }],
  stack: ['hotel', 'flight'],
  pivoted: false,
  timers: {},
  undoneAs: 'compensated',
  correlationId: 'cor_1',
  startedAt: START,
  updatedAt: START,
  ...changes,
})

const line = (message: string, changes: Partial<JournalEntry> = {}): JournalEntry => ({
  at: START,
  message,
  messageId: 'msg_1',
  fromStep: '',
  toStep: 'flight',
  status: 'running',
  outputs: ['send flight', 'timer nudge'],
  correlationId: 'cor_1',
  ...changes,
})

/** What every store of sagas promises. */
export const sagasContract = (name: string, make: MakeFixture): void => {
  describe(`sagas on ${name}`, () => {
    const scene = sceneOf(make)

    const save = async (saga: SagaInstance, version = 0, entry: JournalEntry = line('started')) => {
      const { process, clock } = scene()
      const tx = process.store.begin(clock.now(), ORIGIN)
      process.sagas.save(tx, { instance: { ...saga, updatedAt: clock.now() }, version, entry })
      tx.publish(Counted, { n: version }, saga.key)
      await process.store.flush(tx)
    }
    const sagas = () => scene().process.sagas
    const listed = async (filter: Parameters<ReturnType<typeof sagas>['list']>[0]) =>
      (await sagas().list(filter)).map(({ key }) => key)

    test('come back as they were stored, with the version that was written', async () => {
      const stored = instance('a', { fault: { code: 'NO', detail: 'No.' }, timers: { nudge: addMs(START, 5) } })
      await save(stored)
      expect(await sagas().load('Trip', 'a')).toEqual({ version: 1, instance: stored })
      expect(await sagas().load('Trip', 'b')).toBeUndefined()
      expect(await sagas().load('Other', 'a')).toBeUndefined()
    })

    test('start once', async () => {
      await save(instance('a'))
      await expect(save(instance('a', { step: 'hotel' }))).rejects.toBeInstanceOf(FlushConflict)
      expect((await sagas().load('Trip', 'a'))?.instance.step).toBe('flight')
    })

    test('move on from the version that was read, with everything that leaves with the step', async () => {
      await save(instance('a'))
      await save(instance('a', { step: 'hotel' }), 1, line('replied flight'))
      await expect(save(instance('a', { step: 'car' }), 1)).rejects.toBeInstanceOf(FlushConflict)
      expect(await sagas().load('Trip', 'a')).toMatchObject({ version: 2, instance: { step: 'hotel' } })
      expect(await sagas().journal('Trip', 'a')).toHaveLength(2)
      expect(await scene().process.outbox.backlog()).toMatchObject({ rows: 2 })
    })

    test('keep a journal in the order of their steps', async () => {
      const entries = [line('started'), line('replied flight', { error: 'NO: No.', outputs: [] })]
      for (const [version, entry] of entries.entries()) await save(instance('a'), version, entry)
      await save(instance('b'))
      expect(await sagas().journal('Trip', 'a')).toEqual(entries)
      expect(await sagas().journal('Trip', 'c')).toEqual([])
    })

    test('tell which timers are due, the longest overdue first', async () => {
      const { clock } = scene()
      await save(instance('a', { timers: { 'reply:flight': addMs(START, 2_000), deadline: addMs(START, 9_000) } }))
      await save(instance('b', { timers: { nudge: addMs(START, 1_000), deadline: addMs(START, 9_000) } }))
      await save(instance('c'))
      clock.advance(999)
      expect(await sagas().due(clock.now(), 10)).toEqual([])
      clock.advance(1)
      expect(await sagas().due(clock.now(), 10)).toEqual([{ type: 'Trip', key: 'b', name: 'nudge' }])
      clock.advance(1_000)
      const overdue = [
        { type: 'Trip', key: 'b', name: 'nudge' },
        { type: 'Trip', key: 'a', name: 'reply:flight' },
      ]
      expect(await sagas().due(clock.now(), 10)).toEqual(overdue)
      expect(await sagas().due(clock.now(), 1)).toEqual(overdue.slice(0, 1))
      await save(instance('b', { timers: {} }), 1)
      expect(await sagas().due(clock.now(), 10)).toEqual(overdue.slice(1))
    })

    test('tell with a timer which span armed it', async () => {
      const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
      await save(instance('a', { timers: { nudge: START, deadline: START }, armedIn: { nudge: traceparent } }))
      const due = await sagas().due(START, 10)
      expect(new Map(due.map((timer) => [timer.name, timer.traceparent]))).toEqual(
        new Map([
          ['deadline', undefined],
          ['nudge', traceparent],
        ]),
      )
    })

    test('tell all timers of an instance that are due at once', async () => {
      await save(instance('a', { timers: { nudge: START, deadline: START } }))
      const due = await sagas().due(START, 10)
      expect(due.map((timer) => timer.name).toSorted()).toEqual(['deadline', 'nudge'])
    })

    test('are listed by type, status and how long they have not moved, the last moved first', async () => {
      const { clock } = scene()
      for (const key of ['a', 'b', 'c']) {
        await save(instance(key, { status: key === 'b' ? 'parked' : 'running' }))
        clock.advance(1_000)
      }
      await save(instance('d', { type: 'Other', startedAt: clock.now() }))
      expect(await listed({ limit: 10 })).toEqual(['d', 'c', 'b', 'a'])
      expect(await listed({ type: 'Trip', limit: 10 })).toEqual(['c', 'b', 'a'])
      expect(await listed({ status: 'parked', limit: 10 })).toEqual(['b'])
      expect(await listed({ updatedBefore: addMs(START, 1_000), limit: 10 })).toEqual(['a'])
      expect(await sagas().list({ type: 'Other', limit: 1 })).toEqual([
        { type: 'Other', key: 'd', status: 'running', step: 'flight', startedAt: clock.now(), updatedAt: clock.now() },
      ])
    })

    test('are listed page by page, also where several moved at the same instant', async () => {
      for (const key of ['a', 'b', 'c', 'd', 'e']) await save(instance(key))
      const first = await sagas().list({ limit: 2 })
      const second = await sagas().list({ limit: 2, after: first.at(-1) })
      const third = await sagas().list({ limit: 2, after: second.at(-1) })
      const pages = [first, second, third].map((page) => page.map(({ key }) => key))
      expect(pages).toEqual([['e', 'd'], ['c', 'b'], ['a']])
    })

    test('are removed with their journals when they have ended long ago; a parked one stays', async () => {
      const { clock } = scene()
      await save(instance('ended', { status: 'compensated' }))
      await save(instance('running'))
      await save(instance('parked', { status: 'parked', resumeAs: 'completed' }))
      clock.advance(1_000)
      await save(instance('just ended', { status: 'completed' }))
      expect(await sagas().prune(clock.now())).toBe(1)
      expect(await sagas().load('Trip', 'ended')).toBeUndefined()
      expect(await sagas().journal('Trip', 'ended')).toEqual([])
      expect(await listed({ limit: 10 })).toEqual(['just ended', 'running', 'parked'])
    })
  })
}
