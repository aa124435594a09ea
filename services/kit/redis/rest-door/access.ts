import { createHash, timingSafeEqual } from 'node:crypto'
import { RedisError } from '../redis.ts'

export interface RestTokens {
  /** May run every command. */
  readonly write: string
  /** May run commands that change nothing; what the edge holds. */
  readonly readOnly: string
}

export type Access = 'write' | 'read-only'

const READS: ReadonlySet<string> = new Set([
  'PING',
  'GET',
  'MGET',
  'EXISTS',
  'TTL',
  'PTTL',
  'HGET',
  'HMGET',
  'HGETALL',
  'HLEN',
  'DBSIZE',
])

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Compares digests, so that neither the time nor a differing length tells anything about the token. */
export const tokenCheck = (tokens: RestTokens): ((token: string) => Access | undefined) => {
  const [write, readOnly] = [digest(tokens.write), digest(tokens.readOnly)]
  return (token) => {
    const given = digest(token)
    if (timingSafeEqual(given, write)) return 'write'
    return timingSafeEqual(given, readOnly) ? 'read-only' : undefined
  }
}

/** The read-only token has a list of what it may do, so a script is refused whatever it would do. */
export const isAllowed = (access: Access, command: string): boolean =>
  access === 'write' || READS.has(command.toUpperCase())

export const notPermitted = (command: string): RedisError =>
  new RedisError(`NOPERM this user has no permissions to run the '${command.toLowerCase()}' command`)
