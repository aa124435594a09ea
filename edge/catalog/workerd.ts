import { type RunningWorkerd, startWorkerd } from './host/start-workerd.ts'

export interface CatalogWorkerOptions {
  /** REST door of Redis. */
  readonly redisUrl: string
  /** A token that reads only. */
  readonly redisToken: string
  /** Signs cursors; the same on every host of one catalog. */
  readonly cursorSecret: string
  /** 0 (the default) takes a free one. */
  readonly port?: number
  readonly hostname?: string
}

/**
 * Runs the catalog Worker in workerd on this machine and waits until it answers.
 * It ends with this process, whatever ends that.
 */
export async function startCatalogWorker(options: CatalogWorkerOptions): Promise<RunningWorkerd> {
  const { redisUrl, redisToken, cursorSecret, port = 0, hostname = '127.0.0.1' } = options
  const worker = await startWorkerd({
    entry: new URL('worker.ts', import.meta.url),
    bindings: {
      UPSTASH_REDIS_REST_URL: redisUrl,
      UPSTASH_REDIS_REST_TOKEN: redisToken,
      CURSOR_SECRET: cursorSecret,
    },
    port,
    hostname,
  })
  const answer = await fetch(`http://${hostname}:${worker.port}/catalog/v1/openapi.json`)
  if (answer.ok) return worker
  await worker.stop()
  throw new Error(`The catalog Worker answers ${answer.status}: ${await answer.text()}`)
}
