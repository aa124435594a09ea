import type { Hono } from 'hono'
import { proxy } from 'hono/proxy'

/** While a part of the platform is not there yet, or for a moment not any more. */
export const notNow = (): Response =>
  new Response(null, { status: 503, headers: { 'retry-after': '1', 'cache-control': 'no-store' } })

/** The catalog under the API's origin, so that the explorer can try it. */
export const catalogProxy = (app: Hono, catalogUrl: string): void => {
  app.all('/catalog/*', ({ req }) => {
    const { pathname, search } = new URL(req.url)
    return proxy(`${catalogUrl}${pathname}${search}`, { raw: req.raw }).catch(notNow)
  })
}
