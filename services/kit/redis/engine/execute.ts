import type { RedisCommand, RedisReply } from '../redis.ts'
import type { CommandSpec } from './command-spec.ts'
import { counterCommands } from './counters.ts'
import { unknownCommand, wrongArity } from './errors.ts'
import { hashCommands } from './hashes.ts'
import { keyCommands } from './keys.ts'
import type { Keyspace } from './keyspace.ts'
import { serverCommands } from './server.ts'
import { stringCommands } from './strings.ts'

const commands = new Map<string, CommandSpec>(
  Object.entries({ ...serverCommands, ...keyCommands, ...stringCommands, ...counterCommands, ...hashCommands }),
)

/** Runs one command against a keyspace. Throws `RedisError` where a server would answer an error. */
export const execute = (keys: Keyspace, [name, ...rest]: RedisCommand): RedisReply => {
  const args = rest.map(String)
  const spec = commands.get(name) ?? commands.get(name.toUpperCase())
  if (!spec) throw unknownCommand(name, args)
  if (args.length < spec.min || args.length > spec.max) throw wrongArity(name)
  return spec.run(keys, args)
}
