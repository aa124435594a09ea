import { RedisError, type RedisReply } from '../redis.ts'

/** How strings travel: as they are, or as base64 of their UTF-8 bytes (`Upstash-Encoding: base64`). */
export type Encoding = 'plain' | 'base64'

export type Answer = { result: RedisReply } | { error: string }

const toBase64 = (reply: RedisReply): RedisReply => {
  if (typeof reply === 'string') return Buffer.from(reply).toString('base64')
  return Array.isArray(reply) ? reply.map(toBase64) : reply
}

/** A bare OK stays bare; inside an array the client decodes it like any other string. */
const encodeReply = (reply: RedisReply): RedisReply => (reply === 'OK' ? reply : toBase64(reply))

export const toAnswer = (reply: RedisReply | RedisError, encoding: Encoding): Answer => {
  if (reply instanceof RedisError) return { error: reply.message }
  return { result: encoding === 'base64' ? encodeReply(reply) : reply }
}
