import type { Actor } from '#bus/cqrs/actor.ts'
import { Unavailable } from '#bus/cqrs/errors.ts'
import type { RateLimit, RateLimitDecision, RateLimiter } from '../redis/rate-limit.ts'
import type { LimitState } from './exchange.ts'
import { REFUSALS, Refusal } from './refusals.ts'
import type { RouteRateLimit } from './route.ts'

export interface QuotaOptions {
  /** Part of every key, so that services do not share quotas. */
  readonly service: string
  /** Absent: nothing is limited (tests, tools). */
  readonly rateLimiter?: Pick<RateLimiter, 'take'> | undefined
  /** The quota of one caller over all operations without a quota of their own. Default 600 a minute. */
  readonly rateLimit?: RateLimit | undefined
  /** Told when the limiter is out of reach. */
  readonly onFailure: (error: unknown) => void
}

/** Counts one request of a caller. Throws 429, or 503 where the policy fails closed. */
export type TakeQuota = (actor: Actor, address: () => string) => Promise<LimitState | undefined>

const DEFAULT_QUOTA: RateLimit = { limit: 600, windowSeconds: 60 }

const callerOf = (actor: Actor, address: () => string): string =>
  actor.kind === 'user' ? `user:${actor.userId}` : `addr:${address()}`

const remainingHeader = (name: string, { remaining, resetSeconds }: RateLimitDecision): string =>
  `"${name}";r=${remaining};t=${resetSeconds}`

/** The two fields of draft-ietf-httpapi-ratelimit-headers. */
export const quotaHeaders = ({ policy, name, decision }: LimitState): Record<string, string> => ({
  'ratelimit-policy': policy,
  ratelimit: remainingHeader(name, decision),
})

const tooMany = (state: LimitState): Refusal =>
  new Refusal(REFUSALS.rateLimited, {
    headers: { ...quotaHeaders(state), 'retry-after': String(state.decision.retryAfterSeconds) },
  })

/**
 * Compiles the quota of one operation. Services among themselves are not limited. While the limiter is out of reach
 * requests pass uncounted, unless the route says `onFailure: 'closed'`.
 */
export const compileQuota = (
  options: QuotaOptions,
  operationId: string,
  own: RouteRateLimit | undefined,
): TakeQuota => {
  const { rateLimiter, service } = options
  if (!rateLimiter) return async () => undefined
  const rule = own ?? options.rateLimit ?? DEFAULT_QUOTA
  const name = own ? operationId : 'default'
  const policy = `"${name}";q=${rule.limit};w=${rule.windowSeconds}`
  const prefix = `${service}:${name}:`

  return async (actor, address) => {
    if (actor.kind === 'service') return undefined
    const caller = own?.per === 'address' ? `addr:${address()}` : callerOf(actor, address)
    let decision: RateLimitDecision
    try {
      decision = await rateLimiter.take(prefix + caller, rule)
    } catch (error) {
      options.onFailure(error)
      if (own?.onFailure === 'closed') throw Unavailable('This operation')
      return undefined
    }
    const state = { name, policy, decision }
    if (!decision.allowed) throw tooMany(state)
    return state
  }
}
