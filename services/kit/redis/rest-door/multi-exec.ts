import { z } from 'zod'
import { type Redis, type RedisCommand, RedisError, type RedisReply, type RedisScript } from '../redis.ts'

const Commands = z.array(z.tuple([z.string()], z.string()))

/**
 * A transaction as a script: atomic on the engine and on a server, without a connection of its own. Where MULTI would
 * discard everything for a malformed command, here that command alone fails.
 *
 * ARGV: [JSON array of commands]. Reply: per command [0, its reply] or [1, its error].
 */
export const multiExecScript: RedisScript = {
  name: 'multi-exec',
  lua: `
local replies = {}
for index, command in ipairs(cjson.decode(ARGV[1])) do
  local reply = redis.pcall(unpack(command))
  if type(reply) == 'table' and reply.err then
    replies[index] = {1, reply.err}
  else
    replies[index] = {0, reply}
  end
end
return replies
`,
  run: (call, _keys, [json = '[]']) =>
    Commands.parse(JSON.parse(json)).map((command) => {
      try {
        return [0, call(...command)]
      } catch (error) {
        if (error instanceof RedisError) return [1, error.message]
        throw error
      }
    }),
}

const toOutcome = (entry: RedisReply): RedisReply | RedisError => {
  if (!Array.isArray(entry)) return entry
  const [failed, reply = null] = entry
  return failed === 1 ? new RedisError(String(reply)) : reply
}

/** Runs the commands atomically; an element is the reply or the error of that command. */
export const multiExec = async (
  redis: Redis,
  commands: readonly RedisCommand[],
): Promise<(RedisReply | RedisError)[]> => {
  const texts = commands.map((command) => command.map(String))
  const replies = await redis.script(multiExecScript, [], [JSON.stringify(texts)])
  return Array.isArray(replies) ? replies.map(toOutcome) : []
}
