import { type Redis, RedisUnavailable } from './redis.ts'

export interface BreakerOptions {
  /** Failures in a row (`RedisUnavailable`; an error that the server answers is none) that open it; 5 by default. */
  readonly failures?: number
  /** Milliseconds it stays open before one call is let through as a probe; 1000 by default. */
  readonly openMs?: number
  /** Milliseconds of a clock that does not go backwards; `performance.now` by default. */
  readonly now?: () => number
  /** Told of each change, for a metric. */
  readonly onChange?: (state: 'open' | 'closed') => void
}

class Breaker {
  #failures = 0
  /** Undefined while closed. */
  #probeAtMs: number | undefined
  readonly #options: Required<BreakerOptions>

  constructor(options: Required<BreakerOptions>) {
    this.#options = options
  }

  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#probeAtMs !== undefined) this.#admitProbe(this.#probeAtMs)
    try {
      const reply = await call()
      this.close()
      return reply
    } catch (error) {
      if (error instanceof RedisUnavailable) this.#failed()
      else this.close()
      throw error
    }
  }

  close(): void {
    this.#failures = 0
    if (this.#probeAtMs === undefined) return
    this.#probeAtMs = undefined
    this.#options.onChange('closed')
  }

  /** Admits one caller per `openMs`, by moving the next probe away before the first one has answered. */
  #admitProbe(probeAtMs: number): void {
    const now = this.#options.now()
    if (now < probeAtMs) throw new RedisUnavailable('Redis is out of reach: the circuit breaker is open')
    this.#probeAtMs = now + this.#options.openMs
  }

  #failed(): void {
    this.#failures++
    if (this.#failures < this.#options.failures) return
    if (this.#probeAtMs === undefined) this.#options.onChange('open')
    this.#probeAtMs = this.#options.now() + this.#options.openMs
  }
}

/**
 * The same Redis behind a circuit breaker: after some failures in a row calls throw `RedisUnavailable` at once, without
 * touching the network, until a probe succeeds or the connection is made again. What a caller does then (serve without
 * the cache, refuse the login) is the caller's decision.
 *
 * @example
 * const redis = withBreaker(connectRedis({ url }), { onChange: state => gauge.set(state === 'open' ? 1 : 0) })
 */
export const withBreaker = (redis: Redis, options: BreakerOptions = {}): Redis => {
  const breaker = new Breaker({
    failures: options.failures ?? 5,
    openMs: options.openMs ?? 1000,
    now: options.now ?? (() => performance.now()),
    onChange: options.onChange ?? (() => {}),
  })
  redis.onConnect(() => breaker.close())
  return {
    command: (...command) => breaker.run(() => redis.command(...command)),
    pipeline: (commands) => breaker.run(() => redis.pipeline(commands)),
    script: (script, keys, args) => breaker.run(() => redis.script(script, keys, args)),
    onConnect: (listener) => redis.onConnect(listener),
    close: () => redis.close(),
  }
}
