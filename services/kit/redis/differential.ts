import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from './engine.ts'
import type { Redis, RedisCommand, RedisReply } from './redis.ts'
import { uniqueKey } from './testing/unique-key.ts'

const key = fc.constantFrom('a', 'b', 'c')
const field = fc.constantFrom('f', 'g', 'h')
const integer = fc.constantFrom(
  '0',
  '1',
  '-1',
  '41',
  '9223372036854775807',
  '-9223372036854775808',
  '1.0',
  '',
  'x',
  '007',
)
const text = fc.oneof(integer, fc.string({ unit: 'grapheme' }))
/** Nothing expires during a run, and no two are so near that a millisecond between the servers decides GT or LT. */
const lifetime = fc.oneof(
  fc.integer({ min: 60_000, max: 1_000_000_000 }).map(String),
  fc.constantFrom('0', '-5', '9223372036854775807', '-9223372036854775808', 'soon'),
)
const setOption = fc.oneof(
  fc.constantFrom(['NX'], ['XX'], ['GET'], ['KEEPTTL'], ['nx'], ['EX'], ['BOGUS']),
  fc.tuple(fc.constantFrom('EX', 'PX'), lifetime),
)
const expireOption = fc.constantFrom('NX', 'XX', 'GT', 'LT', 'gt', 'NO')
const few = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 })

const command: fc.Arbitrary<string[]> = fc.oneof(
  fc.tuple(fc.constantFrom('GET', 'TTL', 'INCR', 'DECR', 'HGETALL', 'HLEN', 'PTTL', 'EXISTS'), key),
  fc
    .tuple(fc.constant('SET'), key, text, few(setOption))
    .map(([name, k, v, options]) => [name, k, v, ...options.flat()]),
  fc.tuple(fc.constant('INCRBY'), key, integer),
  fc.tuple(fc.constantFrom('EXPIRE', 'PEXPIRE'), key, lifetime, few(expireOption)).map((parts) => parts.flat()),
  fc.tuple(fc.constant('HSET'), key, few(fc.oneof(field, text))).map((parts) => parts.flat()),
  fc.tuple(fc.constantFrom('HGET', 'HMGET', 'HDEL'), key, few(field)).map((parts) => parts.flat()),
  fc.tuple(fc.constantFrom('MGET', 'DEL', 'EXISTS'), few(key)).map((parts) => parts.flat()),
  fc.tuple(fc.constantFrom('PING', 'NONSENSE', 'GET', 'HLEN'), few(text)).map((parts) => parts.flat()),
)

/** Keys belong to this run, except in commands whose arguments an error would quote. */
const within = (prefix: string, [name = '', ...args]: readonly string[]): RedisCommand => {
  const keyed = ['MGET', 'DEL', 'EXISTS'].includes(name) ? args.length : 1
  if (name === 'PING' || name === 'NONSENSE') return [name, ...args]
  return [name, ...args.map((arg, index) => (index < keyed ? `${prefix}:${arg}` : arg))]
}

const pairs = (flat: RedisReply[]) =>
  flat.flatMap((item, index) => (index % 2 === 0 ? [[item, flat[index + 1]] as const] : []))

/** Redis promises no order of fields. */
const unordered = (name: string, reply: RedisReply | Error): unknown =>
  name === 'HGETALL' && Array.isArray(reply) ? new Map(pairs(reply)) : reply

/** What the engine must have answered; a remaining time may differ by what passed between the two servers. */
const expected = (name: string, reply: RedisReply | Error): unknown => {
  if (typeof reply !== 'number' || reply <= 0) return unordered(name, reply)
  if (name === 'TTL') return expect.closeTo(reply, -1)
  return name === 'PTTL' ? expect.closeTo(reply, -4) : reply
}

/** Random sequences of commands, right and wrong ones, must get the same replies from the engine and from a server. */
export const differentialSuite = (connect: () => Promise<Redis>): void => {
  describe('the engine and a real server', () => {
    const engine = createEngine({ now: Date.now })
    let server: Redis
    beforeAll(async () => {
      server = await connect()
    })
    afterAll(() => server.close())

    test('answer any sequence of commands alike', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 40 }), async (sequence) => {
          const prefix = uniqueKey()
          const commands = sequence.map((parts) => within(prefix, parts))
          const [ours, theirs] = await Promise.all([engine.pipeline(commands), server.pipeline(commands)])
          await server.command('DEL', ...['a', 'b', 'c'].map((name) => `${prefix}:${name}`))
          commands.forEach(([name], index) => {
            const [our, their] = [ours[index] ?? null, theirs[index] ?? null]
            expect(unordered(name, our), sequence[index]?.join(' ')).toEqual(expected(name, their))
          })
        }),
        { numRuns: 500 },
      )
    })
  })
}
