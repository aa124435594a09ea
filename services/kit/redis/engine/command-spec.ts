import type { RedisReply } from '../redis.ts'
import type { Keyspace } from './keyspace.ts'

/** One command of the engine. */
export interface CommandSpec {
  /** Number of arguments, the name not counted. */
  readonly min: number
  readonly max: number
  readonly run: (keys: Keyspace, args: readonly string[]) => RedisReply
}

export type CommandTable = Readonly<Record<string, CommandSpec>>

/** An argument whose presence the arity check has established. */
export const arg = (args: readonly string[], index: number): string => {
  const value = args[index]
  if (value === undefined) throw new RangeError(`argument ${index} is missing: the arity of the command is too low`)
  return value
}

export const ANY = Number.POSITIVE_INFINITY
