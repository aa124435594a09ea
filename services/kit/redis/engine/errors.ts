import { RedisError } from '../redis.ts'

/** An error is one line on the wire: a line break in what it quotes becomes a space. */
const oneLine = (message: string): RedisError => new RedisError(message.replace(/[\r\n]/g, ' '))

export const wrongType = (): RedisError =>
  new RedisError('WRONGTYPE Operation against a key holding the wrong kind of value')

export const notAnInteger = (): RedisError => new RedisError('ERR value is not an integer or out of range')

export const syntaxError = (): RedisError => new RedisError('ERR syntax error')

export const wrongArity = (command: string): RedisError =>
  new RedisError(`ERR wrong number of arguments for '${command.toLowerCase()}' command`)

export const invalidExpireTime = (command: string): RedisError =>
  new RedisError(`ERR invalid expire time in '${command.toLowerCase()}' command`)

/** Redis quotes at most 128 characters of the name and of the arguments. */
export const unknownCommand = (name: string, args: readonly string[]): RedisError => {
  let quoted = ''
  for (const arg of args) {
    if (quoted.length >= 128) break
    quoted += `'${arg.slice(0, 128 - quoted.length)}' `
  }
  return oneLine(`ERR unknown command '${name.slice(0, 128)}', with args beginning with: ${quoted}`)
}

export const unsupportedOption = (option: string): RedisError => oneLine(`ERR Unsupported option ${option}`)
