import { onTestFinished, vi } from 'vitest'
import { createEngine } from '#services/kit/redis/engine.ts'
import { restDoor } from '#services/kit/redis/rest-door.ts'
import { createWorker } from '../app.ts'

type Fault = 'none' | 'refused' | 'hanging'

interface LateReply {
  readonly to: string
  readonly read: PromiseWithResolvers<void>
  readonly arrive: PromiseWithResolvers<void>
}

const tokens = { write: 'writes', readOnly: 'reads' }

/** The Worker as one isolate of this process, on the in-process Redis behind its REST door, under a clock that the test moves. */
export function catalogOnEngine() {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-02-15T00:00:00.000Z') })
  const redis = createEngine({ now: () => 0 })
  const door = restDoor({ redis, tokens })
  const calls: string[] = []
  let fault: (call: string) => Fault = () => 'none'
  let late: LateReply | undefined
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const call = await new Request(url, init).text()
    calls.push(call)
    const happening = fault(call)
    if (happening === 'refused') throw new TypeError('connection refused')
    if (happening === 'hanging') return aborted(init.signal)
    const held = late && call.includes(late.to) ? late : undefined
    if (held) late = undefined
    const response = await door.fetch(new Request(url, init))
    held?.read.resolve()
    await held?.arrive.promise
    return response
  })
  onTestFinished(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })
  const worker = createWorker()
  const env = { UPSTASH_REDIS_REST_URL: 'http://redis', UPSTASH_REDIS_REST_TOKEN: 'reads', CURSOR_SECRET: 'secret' }
  return {
    redis,
    /** Bodies of the requests that reached for Redis. */
    calls,
    env,
    get: async (path: string, init?: RequestInit) =>
      worker.fetch(new Request(`http://edge/catalog/v1${path}`, init), env),
    pass: (ms: number) => vi.setSystemTime(Date.now() + ms),
    /** Holds the reply to the next call that names `to`, once Redis has read it, until it is let go. */
    holdReply: (to: string) => {
      const { read, arrive } = (late = {
        to,
        read: Promise.withResolvers<void>(),
        arrive: Promise.withResolvers<void>(),
      })
      return { read: read.promise, letGo: arrive.resolve }
    },
    /** What happens to calls from now on, or to those that the function names. */
    fail: (next: Fault | ((call: string) => Fault)) => {
      fault = typeof next === 'function' ? next : () => next
    },
  }
}

const aborted = (signal: AbortSignal | null | undefined) =>
  new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))))
