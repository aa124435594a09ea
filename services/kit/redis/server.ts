import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { Redis as Client, ReplyError } from 'ioredis'
import { type Redis, RedisError, type RedisReply, type RedisScript, RedisUnavailable } from './redis.ts'
import { scriptSha } from './script-sha.ts'

export interface RedisServerOptions {
  /** `redis://` or `rediss://` (TLS), with user, password and database number where needed. */
  readonly url: string
  /** Milliseconds a connection attempt may take; 500 by default. */
  readonly connectTimeoutMs?: number
  /** Milliseconds until a command without an answer throws `RedisUnavailable`; 150 by default. */
  readonly commandTimeoutMs?: number
  /** Told why the connection failed, once per attempt. Without it failures show only in the commands. */
  readonly onConnectionError?: (error: Error) => void
}

const FIRST_RETRY_MS = 50
const LONGEST_RETRY_MS = 2000

/** Doubles from 50 ms to 2 s; up to a quarter is random, so that instances do not return in step. */
const retryDelayMs = (attempt: number): number =>
  Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS) * (1 - randomInt(250) / 1000)

const connectClient = ({ url, connectTimeoutMs = 500, commandTimeoutMs = 150 }: RedisServerOptions): Client =>
  new Client(url, {
    protocol: 2,
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    // A connection that stays silent after a command has timed out is dead: drop it and connect again.
    socketTimeout: commandTimeoutMs * 10,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: retryDelayMs,
  })

const isReply = (value: unknown): value is RedisReply =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'number' ||
  (Array.isArray(value) && value.every(isReply))

const toReply = (value: unknown): RedisReply => {
  if (isReply(value)) return value
  throw new RedisError(`ERR this client cannot represent a reply of type ${typeof value}`)
}

/** Drops the original error: ioredis keeps the command with its values on it. */
const toRedisError = (error: unknown): RedisError | RedisUnavailable => {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof ReplyError || error instanceof RedisError) return new RedisError(message)
  return new RedisUnavailable(`Redis is out of reach: ${message}`)
}

const call = async (client: Client, name: string, args: (string | number)[]): Promise<RedisReply> => {
  try {
    return toReply(await client.call(name, ...args))
  } catch (error) {
    throw toRedisError(error)
  }
}

const runScript = async (client: Client, script: RedisScript, keys: readonly string[], args: readonly string[]) => {
  const rest = [keys.length, ...keys, ...args]
  try {
    return await call(client, 'EVALSHA', [scriptSha(script), ...rest])
  } catch (error) {
    if (error instanceof RedisError && error.message.startsWith('NOSCRIPT')) {
      return call(client, 'EVAL', [script.lua, ...rest])
    }
    throw error
  }
}

/**
 * A real Redis over TCP. Nothing is queued while the connection is down: commands throw `RedisUnavailable` at once,
 * also before the first connect, and the client connects again by itself. A command that timed out may still have run.
 *
 * @example
 * const redis = connectRedis({ url: 'redis://127.0.0.1:6379' })
 * redis.onConnect(() => log.info('redis is connected'))
 */
export const connectRedis = (options: RedisServerOptions): Redis => {
  const client = connectClient(options)
  const listeners: (() => void)[] = []
  client.on('error', (error) => options.onConnectionError?.(error))
  client.on('ready', () => {
    for (const listener of listeners) listener()
  })
  return {
    command: (name, ...args) => call(client, name.toUpperCase(), args),

    pipeline: async (commands) => {
      const pipeline = client.pipeline()
      for (const [name, ...args] of commands) pipeline.call(name.toUpperCase(), ...args)
      const replies = (await pipeline.exec()) ?? []
      return replies.map(([error, reply]) => {
        if (!error) return toReply(reply)
        const converted = toRedisError(error)
        if (converted instanceof RedisError) return converted
        throw converted
      })
    },

    script: (script, keys, args) => runScript(client, script, keys, args),

    onConnect: (listener) => {
      listeners.push(listener)
      if (client.status === 'ready') queueMicrotask(listener)
    },

    close: async () => {
      if (client.status === 'end') return
      // Between two attempts there is no connection to end: the next attempt is called off, and no event tells it.
      if (client.status === 'reconnecting') return client.disconnect()
      const ended = once(client, 'end')
      client.disconnect()
      await ended
    },
  }
}
