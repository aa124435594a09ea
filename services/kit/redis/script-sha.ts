import { createHash } from 'node:crypto'
import type { RedisScript } from './redis.ts'

const shas = new WeakMap<RedisScript, string>()

/** The name under which a server caches the script: SHA-1 of its Lua text, lower-case hex. */
export const scriptSha = (script: RedisScript): string => {
  const known = shas.get(script)
  if (known !== undefined) return known
  const sha = createHash('sha1').update(script.lua).digest('hex')
  shas.set(script, sha)
  return sha
}
