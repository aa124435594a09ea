import { ANY, arg, type CommandTable } from './command-spec.ts'
import { runExpire } from './expire.ts'
import type { Keyspace } from './keyspace.ts'

const MISSING = -2
const NO_TTL = -1

const ttlMs = (keys: Keyspace, key: string): number => {
  if (keys.get(key) === undefined) return MISSING
  const expiresAtMs = keys.expiresAtMs(key)
  return expiresAtMs === undefined ? NO_TTL : Math.trunc(expiresAtMs - keys.nowMs)
}

/** Redis rounds the seconds to the nearest one. */
const ttlSeconds = (keys: Keyspace, key: string): number => {
  const ms = ttlMs(keys, key)
  return ms < 0 ? ms : Math.floor((ms + 500) / 1000)
}

export const keyCommands: CommandTable = {
  DEL: { min: 1, max: ANY, run: (keys, args) => args.filter((key) => keys.delete(key)).length },
  EXISTS: { min: 1, max: ANY, run: (keys, args) => args.filter((key) => keys.get(key) !== undefined).length },
  EXPIRE: { min: 2, max: ANY, run: (keys, args) => runExpire(keys, args, 'expire') },
  PEXPIRE: { min: 2, max: ANY, run: (keys, args) => runExpire(keys, args, 'pexpire') },
  TTL: { min: 1, max: 1, run: (keys, args) => ttlSeconds(keys, arg(args, 0)) },
  PTTL: { min: 1, max: 1, run: (keys, args) => ttlMs(keys, arg(args, 0)) },
}
