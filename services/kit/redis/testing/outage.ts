import { type Redis, RedisUnavailable } from '../redis.ts'

/** A Redis whose network the test cuts and mends. */
export interface OutageRedis extends Redis {
  readonly calls: number
  down(): void
  up(): void
}

/** The same Redis; while it is down every call throws `RedisUnavailable` and counts as one call. */
export const withOutage = (redis: Redis): OutageRedis => {
  const listeners: (() => void)[] = []
  let reachable = true
  let calls = 0
  const reach = async <T>(call: () => Promise<T>): Promise<T> => {
    calls++
    if (!reachable) throw new RedisUnavailable('Redis is out of reach: the test cut it off')
    return call()
  }
  return {
    get calls() {
      return calls
    },
    down: () => {
      reachable = false
    },
    up: () => {
      reachable = true
      for (const listener of listeners) listener()
    },
    command: (...command) => reach(() => redis.command(...command)),
    pipeline: (commands) => reach(() => redis.pipeline(commands)),
    script: (script, keys, args) => reach(() => redis.script(script, keys, args)),
    onConnect: (listener) => {
      listeners.push(listener)
      redis.onConnect(listener)
    },
    close: () => redis.close(),
  }
}
