import { Hono } from 'hono'

export interface HealthOptions {
  /** Fails when the process cannot do its work now. */
  readonly ready: () => Promise<void>
  readonly draining: () => boolean
  /** The metrics as Prometheus reads them. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>
}

const NO_STORE = { 'cache-control': 'no-store' }

/** `/health/live`, `/health/ready` and `/metrics`. */
export const healthRoutes = ({ ready, draining, metrics }: HealthOptions): Hono => {
  const app = new Hono()
  app.get('/health/live', (context) => context.json({ status: 'live' }, 200, NO_STORE))
  app.get('/health/ready', async (context) => {
    if (draining()) return context.json({ status: 'draining' }, 503, NO_STORE)
    try {
      await ready()
      return context.json({ status: 'ready' }, 200, NO_STORE)
    } catch {
      return context.json({ status: 'unavailable' }, 503, { ...NO_STORE, 'retry-after': '1' })
    }
  })
  app.get('/metrics', async (context) => {
    const { contentType, body } = await metrics()
    return context.body(body, 200, { ...NO_STORE, 'content-type': contentType })
  })
  return app
}
