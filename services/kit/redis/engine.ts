import { execute } from './engine/execute.ts'
import { Keyspace } from './engine/keyspace.ts'
import { type Redis, RedisError, type RedisReply, RedisUnavailable } from './redis.ts'

export interface EngineOptions {
  /** Milliseconds of a clock that does not go backwards; every expiry is counted on it. */
  readonly now: () => number
}

/** The in-process engine: a `Redis` that can also be restarted. */
export interface RedisEngine extends Redis {
  /** Loses every key, as a server without persistence does when it restarts, and reports the reconnect. */
  restart(): void
}

/**
 * A Redis inside this process, for the embedded platform and for tests. It knows the commands that the platform uses,
 * with the semantics and error messages of Redis 7 (strings are UTF-8 text); any other command is
 * `ERR unknown command`. Commands, and scripts through `script.run`, are atomic because they run synchronously.
 * After `close` every call throws `RedisUnavailable`.
 *
 * @example
 * const redis = createEngine({ now: Date.now })
 * await redis.command('SET', 'course:1', '{}', 'EX', 60)
 */
export const createEngine = ({ now }: EngineOptions): RedisEngine => {
  const keys = new Keyspace()
  const listeners: (() => void)[] = []
  let closed = false

  const atomically = (run: () => RedisReply): RedisReply => {
    if (closed) throw new RedisUnavailable('The in-process Redis is closed')
    keys.beginAt(now())
    return run()
  }

  return {
    command: async (...command) => atomically(() => execute(keys, command)),

    pipeline: async (commands) =>
      commands.map((command) => {
        try {
          return atomically(() => execute(keys, command))
        } catch (error) {
          if (error instanceof RedisError) return error
          throw error
        }
      }),

    script: async (script, scriptKeys, args) =>
      atomically(() => script.run((...command) => execute(keys, command), scriptKeys, args)),

    onConnect: (listener) => {
      listeners.push(listener)
      queueMicrotask(listener)
    },

    close: async () => {
      closed = true
      keys.clear()
    },

    restart: () => {
      keys.clear()
      for (const listener of listeners) listener()
    },
  }
}
