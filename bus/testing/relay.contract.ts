import { afterEach, describe, expect, test } from 'vitest'
import { MINUTE } from '#domain/kernel/clock.ts'
import { decodeEnvelope, type Envelope } from '../envelope.ts'
import { onFailpoint } from '../failpoints.ts'
import { createRelay } from '../outbox/relay.ts'
import { createMemoryTransport } from '../transports/memory/memory.ts'
import type { Incoming, Receive, Transport } from '../transports/transport.ts'
import { DuplicateMessage } from '../unit-of-work/unit-of-work.ts'
import { countUp } from './counting.ts'
import { Counted, type MakeFixture, ORIGIN, SERVICE, type TestProcess } from './fixture.ts'
import { sceneOf } from './scene.ts'

const MAX_ATTEMPTS = 4
/** Longer than any wait of a held key. */
const AGES_MS = MINUTE

/** How the relay, an outbox and an inbox work together. */
export const relayContract = (name: string, make: MakeFixture): void => {
  describe(`the relay on ${name}`, () => {
    const scene = sceneOf(make)
    afterEach(() => onFailpoint(undefined))

    /** A relay of `process` to one subscriber, and what arrived there as `key:n`. */
    const relaying = (handle: (told: string, message: Incoming) => void | Promise<void>, process = scene().process) => {
      const transport = createMemoryTransport({ maxAttempts: MAX_ATTEMPTS })
      const receive: Receive = async (message) => handle(toldBy(decodeEnvelope(message.body)), message)
      transport.connect('listener', [Counted.type], receive)
      const { outbox } = process
      return createRelay({ service: SERVICE, outbox, transport, clock: scene().clock, random: () => 0.5 })
    }
    const toldBy = ({ subject, data }: Envelope): string => `${subject}:${Counted.data.parse(data).n}`
    const count = async (...ids: string[]) => {
      for (const id of ids) await countUp(scene().process, scene().clock, id)
    }
    const waiting = async () => (await scene().process.outbox.backlog()).rows

    test('delivers in order per key and empties the outbox', async () => {
      const told: string[] = []
      const relay = relaying((message) => void told.push(message))
      await count('a', 'b', 'a', 'a', 'b')
      expect(await relay.sweep()).toBe(5)
      expect(told.filter((message) => message.startsWith('a'))).toEqual(['a:1', 'a:2', 'a:3'])
      expect(told.filter((message) => message.startsWith('b'))).toEqual(['b:1', 'b:2'])
      expect(await waiting()).toBe(0)
      expect(await relay.sweep()).toBe(0)
    })

    test('holds a failing key back, rows behind it included, and lets others flow', async () => {
      const told: string[] = []
      let broken = true
      const relay = relaying((message) => {
        told.push(message)
        if (broken && message === 'a:1') throw new Error('no')
      })
      await count('a', 'b', 'a')
      await relay.sweep()
      await count('b')
      await relay.sweep()
      expect(told).toEqual(['a:1', 'b:1', 'b:2'])
      broken = false
      scene().clock.advance(AGES_MS)
      expect(await relay.sweep()).toBe(2)
      expect(told.slice(3)).toEqual(['a:1', 'a:2'])
      expect(await scene().process.outbox.backlog()).toEqual({ rows: 0, oldest: undefined, heldKeys: 0 })
    })

    test('waits longer after each failure, and counts the attempts', async () => {
      const attempts: number[] = []
      const relay = relaying((_told, { attempt, lastAttempt }) => {
        attempts.push(attempt)
        if (!lastAttempt) throw new Error('no')
      })
      await count('a')
      const waits: number[] = []
      await relay.sweep()
      while ((await waiting()) > 0) {
        let waitedMs = 0
        for (const before = attempts.length; attempts.length === before; waitedMs += 5) {
          scene().clock.advance(5)
          await relay.sweep()
        }
        waits.push(waitedMs)
      }
      expect(attempts).toEqual([1, 2, 3, MAX_ATTEMPTS])
      expect(waits).toEqual([75, 125, 225])
    })

    test('holds the next row back as well, where one that had failed gets through and the next fails', async () => {
      const told: string[] = []
      let working = 'none'
      const relay = relaying((message) => {
        told.push(message)
        if (message !== working) throw new Error('no')
      })
      await count('a', 'a')
      await relay.sweep()
      working = 'a:1'
      scene().clock.advance(AGES_MS)
      await relay.sweep()
      expect(told).toEqual(['a:1', 'a:1', 'a:2'])
      await relay.sweep()
      expect(told).toHaveLength(3)
      expect(await scene().process.outbox.backlog()).toMatchObject({ rows: 1, heldKeys: 1 })
      scene().clock.advance(AGES_MS)
      await relay.sweep()
      expect(told).toEqual(['a:1', 'a:1', 'a:2', 'a:2'])
    })

    test('parks a message that the transport refuses for good: tried rarely, and gone once it is taken', async () => {
      const { process, clock } = scene()
      const attempts: number[] = []
      let refuses = true
      const transport: Transport = {
        ...createMemoryTransport({ maxAttempts: MAX_ATTEMPTS }),
        deliver: async (messages) =>
          messages.map(({ attempt }) => {
            attempts.push(attempt)
            return refuses ? { accepted: false, reason: 'nobody takes this', refused: true } : { accepted: true }
          }),
      }
      const relay = createRelay({ service: SERVICE, outbox: process.outbox, transport, clock, random: () => 0.5 })
      const sweepFor = async (minutes: number) => {
        for (let minute = 0; minute < minutes; minute++) {
          clock.advance(MINUTE)
          await relay.sweep()
        }
      }
      await count('a')
      await sweepFor(MAX_ATTEMPTS)
      expect(attempts).toEqual([1, 2, 3, MAX_ATTEMPTS])
      expect(await process.outbox.backlog()).toMatchObject({ rows: 1, heldKeys: 1 })
      await sweepFor(9)
      expect(attempts).toHaveLength(MAX_ATTEMPTS)
      refuses = false
      await sweepFor(1)
      expect(await process.outbox.backlog()).toEqual({ rows: 0, oldest: undefined, heldKeys: 0 })
    })

    test('keeps what it has delivered where another key cannot even be held back', async () => {
      const { process, clock } = scene()
      const transport = createMemoryTransport({ maxAttempts: MAX_ATTEMPTS })
      transport.connect('listener', [Counted.type], async ({ body }) => {
        if (toldBy(decodeEnvelope(body)).startsWith('a')) throw new Error('no')
      })
      const hold = () => Promise.reject(new Error('The database is away.'))
      const outbox = { ...process.outbox, hold }
      await count('a', 'b', 'c')
      const relay = createRelay({ service: SERVICE, outbox, transport, clock, random: () => 0.5 })
      await expect(relay.sweep()).rejects.toThrow('The database is away.')
      expect(await waiting()).toBe(1)
    })

    /** A relay to a transport that takes `maxBatch` at once; notes each call as the messages in it. */
    const batching = (maxBatch: number, accepts: (told: string) => boolean = () => true) => {
      const calls: string[][] = []
      const memory = createMemoryTransport({ maxAttempts: MAX_ATTEMPTS })
      const transport: Transport = {
        ...memory,
        capabilities: { ...memory.capabilities, maxBatch },
        deliver: async (messages) => {
          const told = messages.map(({ body }) => toldBy(decodeEnvelope(body)))
          calls.push(told)
          return told.map((message) => (accepts(message) ? { accepted: true } : { accepted: false, reason: 'no' }))
        },
      }
      const { process, clock } = scene()
      const relay = createRelay({ service: SERVICE, outbox: process.outbox, transport, clock, random: () => 0.5 })
      return { relay, calls }
    }

    test('fills each call with one row of as many keys as the transport takes, and keeps the order of each', async () => {
      const { relay, calls } = batching(4)
      await count('a', 'b', 'c', 'd', 'a', 'b', 'c', 'd', 'a')
      expect(await relay.sweep()).toBe(9)
      expect(calls).toEqual([['a:1', 'b:1', 'c:1', 'd:1'], ['a:2', 'b:2', 'c:2', 'd:2'], ['a:3']])
      expect(await waiting()).toBe(0)
    })

    test('tops a call up with other keys where some have no more rows', async () => {
      const { relay, calls } = batching(2)
      await count('a', 'b', 'b', 'c')
      await relay.sweep()
      expect(calls.flat().toSorted()).toEqual(['a:1', 'b:1', 'b:2', 'c:1'])
      expect(calls.every((call) => new Set(call.map((told) => told[0])).size === call.length)).toBe(true)
      const told = calls.flat()
      expect(told.indexOf('b:1')).toBeLessThan(told.indexOf('b:2'))
    })

    test('a failed row of a call holds back its key alone', async () => {
      let broken = true
      const { relay, calls } = batching(3, (told) => !broken || told !== 'b:1')
      await count('a', 'b', 'c', 'a', 'b', 'c')
      expect(await relay.sweep()).toBe(4)
      expect(calls).toEqual([
        ['a:1', 'b:1', 'c:1'],
        ['a:2', 'c:2'],
      ])
      expect(await scene().process.outbox.backlog()).toMatchObject({ rows: 2, heldKeys: 1 })
      broken = false
      scene().clock.advance(AGES_MS)
      await relay.sweep()
      expect(calls.slice(2)).toEqual([['b:1'], ['b:2']])
      expect(await scene().process.outbox.backlog()).toMatchObject({ rows: 0, heldKeys: 0 })
    })

    const effects =
      (process: TestProcess) =>
      async (_told: string, { body }: Incoming) => {
        const tx = process.store.begin(scene().clock.now(), ORIGIN)
        tx.receive('listener/effects', decodeEnvelope(body).id)
        process.counters.save(tx, 'effects', await process.counters.version('effects'))
        await process.store.flush(tx).catch((error: unknown) => {
          if (!(error instanceof DuplicateMessage)) throw error
        })
      }

    test.each(['before_accept', 'after_accept', 'before_deliver'])(
      'killed at %s: another delivers what is left, and the effect happens once',
      async (place) => {
        const { process, another } = scene()
        await count('a')
        onFailpoint((at) => {
          if (at === `${SERVICE}.relay.${place}`) throw new Error('killed')
        })
        await expect(relaying(effects(process)).sweep()).rejects.toThrow('killed')
        onFailpoint(undefined)
        await process.outbox.release()
        const next = another()
        await relaying(effects(next), next).sweep()
        expect(await next.counters.version('effects')).toBe(1)
        expect(await next.outbox.backlog()).toMatchObject({ rows: 0 })
      },
    )

    test('two relays never deliver the same key at the same time, nor a message twice', async () => {
      const { process, another } = scene()
      const told: string[] = []
      const underway = new Set<string>()
      const handle = async (message: string) => {
        const key = message.split(':')[0] ?? ''
        expect(underway).not.toContain(key)
        underway.add(key)
        await Promise.resolve()
        underway.delete(key)
        told.push(message)
      }
      const other = another()
      const relays = [relaying(handle), relaying(handle, other)]
      for (let round = 0; round < 6; round++) {
        const writes = count('a', 'b', 'c', 'd')
        await Promise.all(relays.map((relay) => relay.sweep()))
        await writes
        await (round % 2 === 0 ? process : other).outbox.release()
      }
      while ((await waiting()) > 0) await Promise.all(relays.map((relay) => relay.sweep()))
      for (const key of ['a', 'b', 'c', 'd'])
        expect(told.filter((message) => message.startsWith(key))).toEqual(
          Array.from({ length: 6 }, (_, at) => `${key}:${at + 1}`),
        )
    })
  })
}
