import { ANY, arg, type CommandTable } from './command-spec.ts'
import { wrongArity } from './errors.ts'
import type { Keyspace } from './keyspace.ts'

const setFields = (keys: Keyspace, [key = '', ...pairs]: readonly string[]): number => {
  if (pairs.length % 2 !== 0) throw wrongArity('hset')
  const hash = keys.getHash(key) ?? new Map<string, string>()
  const before = hash.size
  for (let index = 0; index < pairs.length; index += 2) hash.set(arg(pairs, index), arg(pairs, index + 1))
  keys.put(key, hash)
  return hash.size - before
}

/** A hash without fields does not exist: its key goes with the last one. */
const deleteFields = (keys: Keyspace, [key = '', ...fields]: readonly string[]): number => {
  const hash = keys.getHash(key)
  if (!hash) return 0
  const deleted = fields.filter((field) => hash.delete(field)).length
  if (hash.size === 0) keys.delete(key)
  return deleted
}

const getFields = (keys: Keyspace, [key = '', ...fields]: readonly string[]): (string | null)[] => {
  const hash = keys.getHash(key)
  return fields.map((field) => hash?.get(field) ?? null)
}

export const hashCommands: CommandTable = {
  HGET: { min: 2, max: 2, run: (keys, args) => keys.getHash(arg(args, 0))?.get(arg(args, 1)) ?? null },
  HMGET: { min: 2, max: ANY, run: getFields },
  HSET: { min: 3, max: ANY, run: setFields },
  HDEL: { min: 2, max: ANY, run: deleteFields },
  HGETALL: { min: 1, max: 1, run: (keys, args) => [...(keys.getHash(arg(args, 0)) ?? [])].flat() },
  HLEN: { min: 1, max: 1, run: (keys, args) => keys.getHash(arg(args, 0))?.size ?? 0 },
}
