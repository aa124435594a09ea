import { setTimeout as pause } from 'node:timers/promises'

/** One request of a load and what came of it. */
export interface Sample {
  readonly path: string
  readonly sentMs: number
  readonly tookMs: number
  readonly status: number
  readonly retryAfter: string | null
}

/** Loops that ask again and again until they are stopped. */
export interface Load extends AsyncDisposable {
  readonly samples: readonly Sample[]
  stop(): Promise<void>
}

/** Asks for each path in a loop of its own, with a short rest in between, so that nothing piles up here. */
export const startLoad = (baseUrl: string, paths: readonly string[], token: string): Load => {
  const samples: Sample[] = []
  let stopped = false
  const loop = async (path: string): Promise<void> => {
    while (!stopped) {
      const sentMs = performance.now()
      const response = await fetch(baseUrl + path, {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(20_000),
      })
      await response.arrayBuffer()
      const { status, headers } = response
      const retryAfter = headers.get('retry-after')
      samples.push({ path, sentMs, tookMs: performance.now() - sentMs, status, retryAfter })
      await pause(5)
    }
  }
  const loops = paths.map(loop)
  const stop = async (): Promise<void> => {
    stopped = true
    await Promise.all(loops)
  }
  return { samples, stop, [Symbol.asyncDispose]: stop }
}
