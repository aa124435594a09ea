import { RedisError } from '../redis.ts'
import { arg } from './command-spec.ts'
import { invalidExpireTime, unsupportedOption } from './errors.ts'
import { isInt64, MAX_INT64, parseInt64 } from './integer.ts'
import type { Keyspace } from './keyspace.ts'

const incompatible = (options: string): RedisError =>
  new RedisError(`ERR ${options} options at the same time are not compatible`)

const parseConditions = (args: readonly string[]): ReadonlySet<string> => {
  const conditions = new Set<string>()
  for (const option of args) {
    const condition = option.toUpperCase()
    if (!['NX', 'XX', 'GT', 'LT'].includes(condition)) throw unsupportedOption(option)
    conditions.add(condition)
  }
  if (conditions.has('NX') && conditions.size > 1) throw incompatible('NX and XX, GT or LT')
  if (conditions.has('GT') && conditions.has('LT')) throw incompatible('GT and LT')
  return conditions
}

/** A key without a ttl counts as one that lives for ever: GT never applies to it, LT always does. */
const applies = (conditions: ReadonlySet<string>, current: number | undefined, next: number): boolean => {
  if (conditions.has('NX') && current !== undefined) return false
  if (conditions.has('XX') && current === undefined) return false
  if (conditions.has('GT') && (current === undefined || next <= current)) return false
  return !(conditions.has('LT') && current !== undefined && next >= current)
}

const parseExpiry = (nowMs: number, amount: string, command: 'expire' | 'pexpire'): number => {
  const ms = parseInt64(amount) * (command === 'expire' ? 1000n : 1n)
  if (!isInt64(ms) || ms > MAX_INT64 - BigInt(Math.trunc(nowMs))) throw invalidExpireTime(command)
  return nowMs + Number(ms)
}

/** EXPIRE and PEXPIRE; a time that has passed deletes the key and still answers 1. */
export const runExpire = (keys: Keyspace, args: readonly string[], command: 'expire' | 'pexpire'): number => {
  const key = arg(args, 0)
  const conditions = parseConditions(args.slice(2))
  const expiresAtMs = parseExpiry(keys.nowMs, arg(args, 1), command)
  if (keys.get(key) === undefined || !applies(conditions, keys.expiresAtMs(key), expiresAtMs)) return 0
  if (expiresAtMs <= keys.nowMs) keys.delete(key)
  else keys.expireAt(key, expiresAtMs)
  return 1
}
