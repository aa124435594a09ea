import { RedisError } from '../redis.ts'
import { arg, type CommandTable } from './command-spec.ts'
import { isInt64, parseInt64 } from './integer.ts'
import type { Keyspace } from './keyspace.ts'

/** Adds in 64 bits and keeps the ttl; a reply beyond 2^53 is rounded, as every JavaScript client does. */
const increment = (keys: Keyspace, key: string, by: bigint): number => {
  const sum = parseInt64(keys.getString(key) ?? '0') + by
  if (!isInt64(sum)) throw new RedisError('ERR increment or decrement would overflow')
  keys.put(key, sum.toString())
  return Number(sum)
}

export const counterCommands: CommandTable = {
  INCR: { min: 1, max: 1, run: (keys, args) => increment(keys, arg(args, 0), 1n) },
  DECR: { min: 1, max: 1, run: (keys, args) => increment(keys, arg(args, 0), -1n) },
  INCRBY: { min: 2, max: 2, run: (keys, args) => increment(keys, arg(args, 0), parseInt64(arg(args, 1))) },
}
