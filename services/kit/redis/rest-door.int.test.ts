import { once } from 'node:events'
import { createAdaptorServer } from '@hono/node-server'
import { Redis as UpstashRedis } from '@upstash/redis/cloudflare'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createEngine } from './engine.ts'
import { rateLimitScript } from './rate-limit-script.ts'
import { restDoor } from './rest-door.ts'
import { scriptSha } from './script-sha.ts'
import { listen } from './testing/listen.ts'
import { withOutage } from './testing/outage.ts'

const tokens = { write: 'write-token', readOnly: 'read-only-token' }

const openDoor = async () => {
  const redis = withOutage(createEngine({ now: Date.now }))
  const door = restDoor({ redis, tokens, scripts: [rateLimitScript] })
  const server = createAdaptorServer({ fetch: door.fetch })
  const port = await listen(server)
  onTestFinished(async () => {
    server.close()
    await once(server, 'close')
  })
  return { redis, url: `http://127.0.0.1:${port}` }
}

/** The client as the edge makes it. */
const edgeOptions = {
  retry: { retries: 0 },
  signal: () => AbortSignal.timeout(5000),
  automaticDeserialization: false,
  responseEncoding: false,
  readYourWrites: false,
  enableTelemetry: false,
  keepAlive: false,
} as const

const edgeClient = (url: string, token = tokens.write) => new UpstashRedis({ url, token, ...edgeOptions })

/** The client as it comes: base64 answers, parsed values, a sync token. */
const defaultClient = (url: string) => new UpstashRedis({ url, token: tokens.write, enableTelemetry: false })

describe('@upstash/redis', () => {
  test('reads back what it wrote, with the options of the edge', async () => {
    const client = edgeClient((await openDoor()).url)
    expect(await client.set('k', '{"n": 1}  ☕', { ex: 60 })).toBe('OK')
    expect(await client.get('k')).toBe('{"n": 1}  ☕')
    expect(await client.mget('k', 'missing')).toEqual(['{"n": 1}  ☕', null])
    expect(await client.ttl('k')).toBe(60)
  })

  test('reads back what it wrote, as it comes', async () => {
    const client = defaultClient((await openDoor()).url)
    await client.set('text', 'naïve ☕')
    await client.set('ok', 'OK')
    await client.hset('hash', { a: 'OK', b: 'é', c: { nested: [1] } })
    expect(await client.get('text')).toBe('naïve ☕')
    expect(await client.mget('text', 'missing', 'ok')).toEqual(['naïve ☕', null, 'OK'])
    expect(await client.hgetall('hash')).toEqual({ a: 'OK', b: 'é', c: { nested: [1] } })
    expect(await client.incr('n')).toBe(1)
  })

  test('gets each result of a pipeline, errors in their place', async () => {
    const client = defaultClient((await openDoor()).url)
    const results = await client.pipeline().set('k', 'v').incr('k').get('k').exec({ keepErrors: true })
    expect(results.map((entry) => entry.error ?? entry.result)).toEqual([
      'OK',
      'ERR value is not an integer or out of range',
      'v',
    ])
  })

  test('runs a transaction', async () => {
    const client = defaultClient((await openDoor()).url)
    expect(await client.multi().set('k', 1).incr('k').hget('h', 'f').mget('k', 'x').exec()).toEqual([
      'OK',
      2,
      null,
      [2, null],
    ])
  })

  test('runs a known script by its text and by its sha', async () => {
    const client = edgeClient((await openDoor()).url)
    const args = ['1000000', '500000', '1000000']
    expect(await client.eval(rateLimitScript.lua, ['k'], args)).toEqual([1, 500_000, 0])
    expect(await client.evalsha(scriptSha(rateLimitScript), ['k'], args)).toEqual([1, 1_000_000, 0])
    await expect(client.eval('return 1', [], [])).rejects.toThrow('ERR unknown command')
  })

  test('throws what Redis answers', async () => {
    const client = edgeClient((await openDoor()).url)
    await client.hset('h', { f: 'v' })
    await expect(client.get('h')).rejects.toThrow('WRONGTYPE Operation against a key holding the wrong kind of value')
  })

  test('may only read with the read-only token', async () => {
    const { url } = await openDoor()
    await edgeClient(url).set('k', 'v')
    const reader = edgeClient(url, tokens.readOnly)
    expect(await reader.get('k')).toBe('v')
    await expect(reader.set('k', 'w')).rejects.toThrow("NOPERM this user has no permissions to run the 'set' command")
    await expect(reader.multi().get('k').del('k').exec()).rejects.toThrow('NOPERM')
    await expect(reader.eval(rateLimitScript.lua, ['k'], ['1', '1', '1'])).rejects.toThrow('NOPERM')
    expect(await reader.get('k')).toBe('v')
  })

  test('hears that Redis is out of reach', async () => {
    const { url, redis } = await openDoor()
    redis.down()
    await expect(edgeClient(url).get('k')).rejects.toThrow('Redis is out of reach')
  })
})

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { authorization: `Bearer ${tokens.write}`, ...headers },
  })

describe('401', () => {
  test.each(['/', '/pipeline', '/multi-exec', '/get/k'])('a wrong token on %s', async (path) => {
    const { url, redis } = await openDoor()
    const response = await post(url + path, [['SET', 'k', 'v']], { authorization: 'Bearer wrong' })
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ error: expect.any(String) })
    expect(redis.calls).toBe(0)
  })

  test.each(['', 'Bearer ', 'Basic write-token', 'write-token'])('the header %j', async (authorization) => {
    const { url } = await openDoor()
    expect((await post(url, ['PING'], { authorization })).status).toBe(401)
  })
})

describe('400', () => {
  test.each([
    ['/', 'not json'],
    ['/', []],
    ['/', [['GET', 'k']]],
    ['/', ['GET', { k: 1 }]],
    ['/pipeline', []],
    ['/pipeline', ['GET', 'k']],
    ['/multi-exec', 'null'],
    ['/get/%E0%A4%A', ''],
    ['/subscribe/news', ''],
    ['/nonsense', ''],
  ])('%s with %j', async (path, body) => {
    const { url } = await openDoor()
    const response = await post(url + path, body)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: expect.stringMatching(/^ERR /) })
  })

  test('the resp2 format', async () => {
    const { url } = await openDoor()
    expect((await post(url, ['PING'], { 'upstash-response-format': 'resp2' })).status).toBe(400)
  })
})

test('503 when Redis is out of reach, also for a pipeline', async () => {
  const { url, redis } = await openDoor()
  redis.down()
  expect((await post(url, ['PING'])).status).toBe(503)
  expect((await post(`${url}/pipeline`, [['PING']])).status).toBe(503)
})

describe('a command in the path', () => {
  const get = async (url: string) => {
    const response = await fetch(url)
    return { status: response.status, body: await response.json() }
  }

  test('takes its arguments from path, body and query, and the token from the query', async () => {
    const { url } = await openDoor()
    const auth = `_token=${tokens.write}`
    expect(await get(`${url}/set/a%2Fb/caf%C3%A9?EX=60&NX&${auth}`)).toEqual({ status: 200, body: { result: 'OK' } })
    expect(await get(`${url}/get/a%2Fb?${auth}`)).toEqual({ status: 200, body: { result: 'café' } })
    expect(await get(`${url}/ttl/a%2Fb?${auth}`)).toEqual({ status: 200, body: { result: 60 } })
    expect(await (await post(`${url}/set/k?EX=60`, 'from the body')).json()).toEqual({ result: 'OK' })
    expect(await get(`${url}/get/k?_token=${tokens.readOnly}`)).toEqual({
      status: 200,
      body: { result: 'from the body' },
    })
  })
})

test('base64 covers strings at every depth, but no number, null or bare OK', async () => {
  const { url } = await openDoor()
  const encoded = { 'upstash-encoding': 'base64' }
  const commands = [
    ['SET', 'k', 'OK'],
    ['HSET', 'h', 'f', 'é'],
    ['MGET', 'k', 'x'],
    ['HGETALL', 'h'],
  ]
  expect(await (await post(`${url}/pipeline`, commands, encoded)).json()).toEqual([
    { result: 'OK' },
    { result: 1 },
    { result: ['T0s=', null] },
    { result: ['Zg==', 'w6k='] },
  ])
})

test('the sync token comes back, and nothing may be cached', async () => {
  const { url } = await openDoor()
  const response = await post(url, ['PING'], { 'upstash-sync-token': 'abc' })
  expect(response.headers.get('upstash-sync-token')).toBe('abc')
  expect(response.headers.get('cache-control')).toBe('no-store')
})
