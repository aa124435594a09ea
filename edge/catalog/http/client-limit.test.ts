import { expect, test } from 'vitest'
import { createWorker } from '../app.ts'
import { catalogOnEngine } from '../testing/catalog-on-engine.ts'

test('a client over its limit is refused before anything is looked up, others are not', async () => {
  const { env, calls } = catalogOnEngine()
  const limiter = { limit: async ({ key }: { key: string }) => ({ success: key !== '192.0.2.1' }) }
  const from = (address: string) =>
    createWorker().fetch(new Request('http://edge/catalog/v1/courses', { headers: { 'CF-Connecting-IP': address } }), {
      ...env,
      CLIENT_LIMIT: limiter,
    })
  const refused = await from('192.0.2.1')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
  expect(refused.headers.get('cache-control')).toBe('no-store')
  expect(calls).toEqual([])
  expect((await from('192.0.2.2')).status).not.toBe(429)
})
