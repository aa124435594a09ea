import { expect, test } from 'vitest'
import { z } from 'zod'
import { cacheContract } from './cache.contract.ts'
import { createCache } from './cache.ts'
import { createEngine } from './engine.ts'
import { RedisUnavailable } from './redis.ts'
import { withOutage } from './testing/outage.ts'

cacheContract('the in-process engine', async () => createEngine({ now: Date.now }))

test('without Redis everybody reads, and a drop is to be done again', async () => {
  const redis = withOutage(createEngine({ now: Date.now }))
  const cache = createCache(redis, { service: 'test', kind: 'thing', schema: z.string(), ttlSeconds: 60 })
  const read = () => cache.read('a', async () => 'one')
  redis.down()
  expect([await read(), await read()]).toEqual(['one', 'one'])
  await expect(cache.drop('a')).rejects.toBeInstanceOf(RedisUnavailable)
  redis.up()
  expect(await read()).toBe('one')
})
