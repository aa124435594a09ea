import { Unauthenticated } from '#bus/cqrs/errors.ts'
import type { SessionId } from '#domain/kernel/ids.ts'
import { type Redis, RedisUnavailable } from '../redis/redis.ts'

export interface SessionCheckOptions {
  readonly redis: Redis
  /** Asks the owner of sessions (`user.check_session`) when Redis does not know, or is out of reach. */
  readonly ask: (sessionId: SessionId) => Promise<boolean>
  /** Milliseconds of a clock that does not go backwards; `performance.now` by default. */
  readonly now?: () => number
  /** Sessions remembered at once; 10,000 by default. */
  readonly cacheSize?: number
}

/** Throws `Unauthenticated` unless the session lives. */
export type SessionCheck = (sessionId: SessionId) => Promise<void>

/** How long a process believes a verdict: the longest that a logout takes to hold everywhere. */
const VERDICT_MS = 1000

/**
 * How long Redis keeps an answer of `ask`: the longest that a revocation which could not be written to Redis stays
 * unseen after it is back.
 */
const ASKED_VERDICT_SECONDS = 60

const keyOf = (sessionId: SessionId): string => `sess:${sessionId}`

/**
 * Tells every process within a second that a session was revoked. It never comes back: no answer overwrites the mark.
 * Throws `RedisUnavailable`; the mark must then be written again until it succeeds.
 *
 * @param ttlSeconds at least the life of an access token
 */
export const markRevoked = async (redis: Redis, sessionId: SessionId, ttlSeconds: number): Promise<void> => {
  await redis.command('SET', keyOf(sessionId), '0', 'EX', ttlSeconds)
}

/** Undefined when Redis does not know or cannot be asked. */
const readMark = async (redis: Redis, sessionId: SessionId): Promise<boolean | undefined> => {
  try {
    const mark = await redis.command('GET', keyOf(sessionId))
    return mark === null ? undefined : mark === '1'
  } catch (error) {
    if (error instanceof RedisUnavailable) return undefined
    throw error
  }
}

/** `NX`, so that an answer from before a logout does not undo the logout's mark. */
const writeAnswer = async (redis: Redis, sessionId: SessionId, active: boolean): Promise<void> => {
  try {
    await redis.command('SET', keyOf(sessionId), active ? '1' : '0', 'EX', ASKED_VERDICT_SECONDS, 'NX')
  } catch (error) {
    if (!(error instanceof RedisUnavailable)) throw error
  }
}

interface Verdict {
  readonly active: Promise<boolean>
  readonly believedUntil: number
}

/**
 * Whether the session behind an access token still lives: from this process's memory for one second, counted from the
 * start of the look-up; then from Redis; then from its owner. Callers of one session share one look-up.
 */
export const createSessionCheck = (options: SessionCheckOptions): SessionCheck => {
  const { redis, ask, now = () => performance.now(), cacheSize = 10_000 } = options
  const verdicts = new Map<SessionId, Verdict>()

  const lookUp = async (sessionId: SessionId): Promise<boolean> => {
    const mark = await readMark(redis, sessionId)
    if (mark !== undefined) return mark
    const active = await ask(sessionId)
    await writeAnswer(redis, sessionId, active)
    return active
  }

  /** Entries are in the order of their start, so that the outdated ones come first. */
  const makeRoom = (at: number): void => {
    for (const [sessionId, { believedUntil }] of verdicts) {
      if (believedUntil > at && verdicts.size < cacheSize) return
      verdicts.delete(sessionId)
    }
  }

  const begin = (sessionId: SessionId, at: number): Verdict => {
    verdicts.delete(sessionId)
    makeRoom(at)
    const verdict = { active: lookUp(sessionId), believedUntil: at + VERDICT_MS }
    verdicts.set(sessionId, verdict)
    verdict.active.catch(() => {
      if (verdicts.get(sessionId) === verdict) verdicts.delete(sessionId)
    })
    return verdict
  }

  return async (sessionId) => {
    const at = now()
    const known = verdicts.get(sessionId)
    const { active } = known && at < known.believedUntil ? known : begin(sessionId, at)
    if (!(await active)) throw Unauthenticated()
  }
}
