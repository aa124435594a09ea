import { type Pipeline, Redis } from '@upstash/redis/cloudflare'
import { READY } from '#edge/read-models/keys.ts'
import type { Env } from '../env.ts'
import type { Breaker } from './breaker.ts'

const BUDGET_MS = 150

/** What one round trip found, under the rebuild that was in force. */
export interface Reading {
  readonly ready: string
  readonly replies: readonly unknown[]
  readonly readAt: number
}

/** Runs commands in one round trip; undefined when Redis fails, is too slow, or came back without its data. */
export type Read = (commands: (pipeline: Pipeline) => unknown, budgetMs?: number) => Promise<Reading | undefined>

/** A reader for one request: a client is made at its first call, and nothing of it outlives the request. */
export function redisReader(env: Env, breaker: Breaker): Read {
  let budget = BUDGET_MS
  let redis: Redis | undefined
  const open = () =>
    new Redis({
      url: env.UPSTASH_REDIS_REST_URL,
      token: env.UPSTASH_REDIS_REST_TOKEN,
      retry: { retries: 0 },
      signal: () => AbortSignal.timeout(budget),
      automaticDeserialization: false,
      responseEncoding: false,
      readYourWrites: false,
      enableTelemetry: false,
      enableAutoPipelining: false,
    })

  return async (commands, budgetMs = BUDGET_MS) => {
    const readAt = Date.now()
    if (!breaker.admits(readAt)) return undefined
    budget = budgetMs
    redis ??= open()
    const pipeline = redis.pipeline().get(READY)
    commands(pipeline)
    try {
      const [ready, ...replies] = await pipeline.exec<unknown[]>()
      if (typeof ready !== 'string') throw new Error('The catalog is not there.')
      breaker.succeeded()
      return { ready, replies, readAt }
    } catch {
      // The client's messages quote the command with its values: they are dropped, the state is what counts.
      breaker.failed(Date.now())
      return undefined
    }
  }
}
