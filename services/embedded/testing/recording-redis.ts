import type { Redis, RedisCommand } from '#services/kit/redis/redis.ts'

/** The same Redis; `record` is given every command as text, keys and values included. */
export const recordingRedis = (redis: Redis, record: (text: string) => void): Redis => {
  const note = (command: RedisCommand): void => record(command.join(' '))
  return {
    command: (...command) => {
      note(command)
      return redis.command(...command)
    },
    pipeline: (commands) => {
      commands.forEach(note)
      return redis.pipeline(commands)
    },
    script: (script, keys, args) => {
      record([script.name, ...keys, ...args].join(' '))
      return redis.script(script, keys, args)
    },
    onConnect: (listener) => redis.onConnect(listener),
    close: () => redis.close(),
  }
}
