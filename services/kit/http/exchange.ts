import type { Actor } from '#bus/cqrs/actor.ts'
import type { Origin } from '#bus/unit-of-work/unit-of-work.ts'
import type { Context } from 'hono'
import type { RateLimitDecision } from '../redis/rate-limit.ts'
import type { RequestSpan } from '../tracing.ts'

/** One request on its way through the door. */
export interface Exchange {
  readonly context: Context
  readonly startedMs: number
  readonly origin: Origin
  /** The trace that a problem and the log name. */
  readonly traceId: string
  /** Where requests are traced. */
  readonly span: RequestSpan | undefined
  actor: Actor
  limit: LimitState | undefined
}

/** The quota that this request was counted against. */
export interface LimitState {
  readonly name: string
  /** Its `RateLimit-Policy` field. */
  readonly policy: string
  readonly decision: RateLimitDecision
}
