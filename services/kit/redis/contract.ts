import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Redis, type RedisCommand, RedisError, type RedisScript } from './redis.ts'
import { multiExec } from './rest-door/multi-exec.ts'
import { uniqueKey } from './testing/unique-key.ts'

/** Moves what one key holds to another, and answers what it read at each step. */
const moveScript: RedisScript = {
  name: 'move',
  lua: `
local value = redis.call('GET', KEYS[1])
if not value then return false end
redis.call('SET', KEYS[2], value)
redis.call('DEL', KEYS[1])
return {value, #ARGV, ARGV[1]}
`,
  run: (call, [from = '', to = ''], args) => {
    const value = call('GET', from)
    if (typeof value !== 'string') return null
    call('SET', to, value)
    call('DEL', from)
    return [value, args.length, args[0] ?? null]
  },
}

const incrementScript: RedisScript = {
  name: 'increment-twice',
  lua: `redis.call('INCR', KEYS[1])\nreturn redis.call('INCR', KEYS[1])`,
  run: (call, [key = '']) => {
    call('INCR', key)
    return call('INCR', key)
  },
}

/** What every `Redis` must do; `connect` is called once. Keys are unique, so a shared server is fine. */
export const redisContract = (name: string, connect: () => Promise<Redis>): void => {
  describe(`the redis contract: ${name}`, () => {
    let redis: Redis
    beforeAll(async () => {
      redis = await connect()
    })
    afterAll(() => redis.close())
    const run = (...command: RedisCommand) => redis.command(...command)

    describe('strings', () => {
      test('SET stores text as it is, GET of a missing key is null', async () => {
        const key = uniqueKey()
        expect(await run('GET', key)).toBeNull()
        expect(await run('SET', key, 'naïve ☕ \r\n "quoted"')).toBe('OK')
        expect(await run('GET', key)).toBe('naïve ☕ \r\n "quoted"')
      })

      test('a number argument is stored as its decimal text, a name is not case-sensitive', async () => {
        const key = uniqueKey()
        await run('set', key, 1_700_000_000_123)
        expect(await run('get', key)).toBe('1700000000123')
      })

      test('SET NX and XX answer null where their condition fails', async () => {
        const key = uniqueKey()
        expect(await run('SET', key, 'a', 'XX')).toBeNull()
        expect(await run('SET', key, 'a', 'NX')).toBe('OK')
        expect(await run('SET', key, 'b', 'NX')).toBeNull()
        expect(await run('SET', key, 'c', 'XX')).toBe('OK')
        expect(await run('GET', key)).toBe('c')
      })

      test('SET GET answers the value before, also when NX refuses', async () => {
        const key = uniqueKey()
        expect(await run('SET', key, 'a', 'GET')).toBeNull()
        expect(await run('SET', key, 'b', 'NX', 'GET')).toBe('a')
        expect(await run('SET', key, 'c', 'GET')).toBe('a')
        expect(await run('GET', key)).toBe('c')
      })

      test('SET drops the ttl, KEEPTTL keeps it', async () => {
        const key = uniqueKey()
        await run('SET', key, 'a', 'EX', 100)
        await run('SET', key, 'b', 'KEEPTTL')
        expect(await run('TTL', key)).toBeGreaterThan(0)
        await run('SET', key, 'c')
        expect(await run('TTL', key)).toBe(-1)
      })

      test('MGET answers null for what is missing or no string', async () => {
        const [text, hash] = [uniqueKey(), uniqueKey()]
        await run('SET', text, 'a')
        await run('HSET', hash, 'f', 'v')
        expect(await run('MGET', text, hash, uniqueKey())).toEqual(['a', null, null])
      })
    })

    describe('counters', () => {
      test('count from zero and keep the ttl', async () => {
        const key = uniqueKey()
        expect(await run('INCR', key)).toBe(1)
        await run('EXPIRE', key, 100)
        expect(await run('INCRBY', key, 41)).toBe(42)
        expect(await run('DECR', key)).toBe(41)
        expect(await run('TTL', key)).toBeGreaterThan(0)
      })

      test.each(['text', '1.5', ' 1', '01', '+1', '-0', '', '9223372036854775808'])(
        '%j is not an integer',
        async (text) => {
          const key = uniqueKey()
          await run('SET', key, text)
          await expect(run('INCR', key)).rejects.toThrow(new RedisError('ERR value is not an integer or out of range'))
          expect(await run('GET', key)).toBe(text)
        },
      )

      test('stop at 64 bits', async () => {
        const key = uniqueKey()
        await run('SET', key, '9223372036854775806')
        await run('INCR', key)
        expect(await run('GET', key)).toBe('9223372036854775807')
        await expect(run('INCR', key)).rejects.toThrow('ERR increment or decrement would overflow')
      })
    })

    describe('hashes', () => {
      test('HSET counts new fields only, HGETALL is a flat array', async () => {
        const key = uniqueKey()
        expect(await run('HSET', key, 'a', 1, 'b', 2)).toBe(2)
        expect(await run('HSET', key, 'a', 3, 'c', 4)).toBe(1)
        expect(await run('HGETALL', key)).toEqual(['a', '3', 'b', '2', 'c', '4'])
        expect(await run('HMGET', key, 'c', 'missing', 'a')).toEqual(['4', null, '3'])
        expect(await run('HLEN', key)).toBe(3)
      })

      test('a field may have the name of an object property', async () => {
        const key = uniqueKey()
        expect(await run('HGET', key, 'constructor')).toBeNull()
        await run('HSET', key, '__proto__', 'v')
        expect(await run('HGETALL', key)).toEqual(['__proto__', 'v'])
      })

      test('a hash goes with its last field', async () => {
        const key = uniqueKey()
        await run('HSET', key, 'a', 1, 'b', 2)
        expect(await run('HDEL', key, 'a', 'b', 'c')).toBe(2)
        expect(await run('EXISTS', key)).toBe(0)
        expect(await run('HGETALL', key)).toEqual([])
      })
    })

    describe('keys', () => {
      test('EXISTS counts repetitions, DEL does not', async () => {
        const key = uniqueKey()
        await run('SET', key, 'a')
        expect(await run('EXISTS', key, key, uniqueKey())).toBe(2)
        expect(await run('DEL', key, key)).toBe(1)
      })

      test('TTL tells a missing key from one without a ttl', async () => {
        const key = uniqueKey()
        expect(await run('TTL', key)).toBe(-2)
        await run('SET', key, 'a')
        expect(await run('PTTL', key)).toBe(-1)
        expect(await run('PEXPIRE', key, 60_000)).toBe(1)
        expect(await run('PTTL', key)).toBeGreaterThan(50_000)
      })

      test('a ttl that has passed deletes the key', async () => {
        const key = uniqueKey()
        await run('SET', key, 'a')
        expect(await run('EXPIRE', key, -1)).toBe(1)
        expect(await run('EXISTS', key)).toBe(0)
        expect(await run('EXPIRE', key, 10)).toBe(0)
      })

      test('EXPIRE honours NX, XX, GT and LT; no ttl counts as infinite', async () => {
        const key = uniqueKey()
        await run('SET', key, 'a')
        expect(await run('EXPIRE', key, 100, 'GT')).toBe(0)
        expect(await run('EXPIRE', key, 100, 'XX')).toBe(0)
        expect(await run('EXPIRE', key, 100, 'LT')).toBe(1)
        expect(await run('EXPIRE', key, 50, 'GT')).toBe(0)
        expect(await run('EXPIRE', key, 500, 'NX')).toBe(0)
        expect(await run('EXPIRE', key, 500, 'XX', 'GT')).toBe(1)
      })

      test('a key expires by itself', async () => {
        const key = uniqueKey()
        await run('SET', key, 'a', 'PX', 20)
        await expect.poll(() => run('GET', key), { timeout: 5000 }).toBeNull()
      })
    })

    test.each<[RedisCommand, string]>([
      [['GET'], "ERR wrong number of arguments for 'get' command"],
      [['PING', 'a', 'b'], "ERR wrong number of arguments for 'ping' command"],
      [['HSET', 'h', 'f', 'v', 'g'], "ERR wrong number of arguments for 'hset' command"],
      [['SET', 'k', 'v', 'NX', 'XX'], 'ERR syntax error'],
      [['SET', 'k', 'v', 'EX'], 'ERR syntax error'],
      [['SET', 'k', 'v', 'EX', 10, 'KEEPTTL'], 'ERR syntax error'],
      [['SET', 'k', 'v', 'EX', 0], "ERR invalid expire time in 'set' command"],
      [['SET', 'k', 'v', 'PX', '9223372036854775807'], "ERR invalid expire time in 'set' command"],
      [['SET', 'k', 'v', 'EX', 'soon'], 'ERR value is not an integer or out of range'],
      [['EXPIRE', 'k', '9223372036854775807'], "ERR invalid expire time in 'expire' command"],
      [['EXPIRE', 'k', 10, 'Often'], 'ERR Unsupported option Often'],
      [['EXPIRE', 'k', 10, 'NX', 'GT'], 'ERR NX and XX, GT or LT options at the same time are not compatible'],
      [['EXPIRE', 'k', 10, 'GT', 'LT'], 'ERR GT and LT options at the same time are not compatible'],
      [['FOO', 'a', 'b'], "ERR unknown command 'FOO', with args beginning with: 'a' 'b' "],
      [
        ['NO\nSUCH', 'x'.repeat(200), 'y'],
        `ERR unknown command 'NO SUCH', with args beginning with: '${'x'.repeat(128)}' `,
      ],
    ])('%j is refused', async (command, message) => {
      await expect(run(...command)).rejects.toThrow(new RedisError(message))
    })

    test.each<string[]>([
      ['GET', 'hash'],
      ['INCR', 'hash'],
      ['SET', 'hash', 'v', 'GET'],
      ['HGET', 'text', 'f'],
      ['HMGET', 'text', 'f'],
      ['HSET', 'text', 'f', 'v'],
      ['HDEL', 'text', 'f'],
      ['HGETALL', 'text'],
      ['HLEN', 'text'],
    ])('%s on a key of the other type is WRONGTYPE', async (name = '', kind, ...rest) => {
      const key = uniqueKey()
      await (kind === 'hash' ? run('HSET', key, 'f', 'v') : run('SET', key, 'v'))
      const message = 'WRONGTYPE Operation against a key holding the wrong kind of value'
      await expect(run(name, key, ...rest)).rejects.toThrow(new RedisError(message))
    })

    test('a pipeline answers in order, an error in the place of its command', async () => {
      const key = uniqueKey()
      const replies = await redis.pipeline([
        ['SET', key, 'a'],
        ['INCR', key],
        ['GET', key],
      ])
      expect(replies).toEqual(['OK', new RedisError('ERR value is not an integer or out of range'), 'a'])
      expect(await redis.pipeline([])).toEqual([])
    })

    describe('scripts', () => {
      test('run with keys and arguments, null and arrays come back', async () => {
        const [from, to] = [uniqueKey(), uniqueKey()]
        expect(await redis.script(moveScript, [from, to], [])).toBeNull()
        await run('SET', from, 'v')
        expect(await redis.script(moveScript, [from, to], ['x', 'y'])).toEqual(['v', 2, 'x'])
        expect(await run('MGET', from, to)).toEqual([null, 'v'])
      })

      test('are atomic: no two of them interleave', async () => {
        const key = uniqueKey()
        const replies = await Promise.all(Array.from({ length: 50 }, () => redis.script(incrementScript, [key], [])))
        expect(replies).toEqual(Array.from({ length: 50 }, (_, index) => 2 * (index + 1)))
      })

      test('make a transaction: replies and errors in order, all at once', async () => {
        const [hash, text] = [uniqueKey(), uniqueKey()]
        const commands: RedisCommand[] = [
          ['HSET', hash, 'f', 'v'],
          ['INCR', hash],
          ['SET', text, 'a', 'EX', 60],
          ['MGET', text, hash],
          ['GET', uniqueKey()],
        ]
        const wrongType = new RedisError('WRONGTYPE Operation against a key holding the wrong kind of value')
        expect(await multiExec(redis, commands)).toEqual([1, wrongType, 'OK', ['a', null], null])
      })

      test('fail with the error of the command inside', async () => {
        const key = uniqueKey()
        await run('HSET', key, 'f', 'v')
        const failure = redis.script(incrementScript, [key], [])
        await expect(failure).rejects.toBeInstanceOf(RedisError)
        await expect(failure).rejects.toThrow(/^WRONGTYPE/)
      })
    })

    test('onConnect is also called for a listener that comes late', async () => {
      await new Promise<void>((resolve) => redis.onConnect(resolve))
    })
  })
}
