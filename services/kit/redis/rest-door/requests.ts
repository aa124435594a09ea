import { z } from 'zod'
import { type RedisCommand, RedisError } from '../redis.ts'

const Argument = z.union([z.string(), z.number(), z.boolean().transform(String)])
const Command = z.tuple([z.string()], Argument)
const Commands = z.array(Command).min(1)

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const parseCommand = (body: string): RedisCommand => {
  const command = Command.safeParse(parseJson(body))
  if (!command.success)
    throw new RedisError('ERR failed to parse command: expected a JSON array that begins with its name')
  return command.data
}

export const parseCommands = (body: string): RedisCommand[] => {
  const commands = Commands.safeParse(parseJson(body))
  if (!commands.success) throw new RedisError('ERR failed to parse pipeline request: expected a JSON array of commands')
  return commands.data
}

const decodeSegment = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new RedisError('ERR failed to parse command: the path is not valid percent-encoding')
  }
}

/** `POST /set/key?EX=10` with body `value` is SET key value EX 10; a parameter without a value is a flag (`?NX`). */
export const parsePath = (url: URL, body: string): RedisCommand => {
  const [name = '', ...args] = url.pathname.split('/').slice(1).map(decodeSegment)
  if (name === '') throw new RedisError('ERR empty command')
  const options = [...url.searchParams].filter(([option]) => option !== '_token')
  return [name, ...args, ...(body === '' ? [] : [body]), ...options.flat().filter((text) => text !== '')]
}
