import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { findFreePort } from '#services/kit/postgres/embedded/free-port.ts'
import { catalogProxy } from './catalog-proxy.ts'

test('a catalog that has died is not available now, which is no failure of the API', async () => {
  const app = new Hono()
  catalogProxy(app, `http://127.0.0.1:${await findFreePort()}`)
  const { status, headers } = await app.request('/catalog/v1/courses')
  expect([status, headers.get('retry-after'), headers.get('cache-control')]).toEqual([503, '1', 'no-store'])
})
