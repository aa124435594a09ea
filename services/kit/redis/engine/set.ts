import type { RedisReply } from '../redis.ts'
import { arg } from './command-spec.ts'
import { invalidExpireTime, syntaxError } from './errors.ts'
import { MAX_INT64, parseInt64 } from './integer.ts'
import type { Keyspace } from './keyspace.ts'

interface SetOptions {
  readonly condition?: 'NX' | 'XX'
  readonly expire?: { readonly unit: 'EX' | 'PX'; readonly amount: string }
  readonly keepTtl?: boolean
  readonly get?: boolean
}

const parseSetOptions = (args: readonly string[]): SetOptions => {
  let options: SetOptions = {}
  for (let index = 2; index < args.length; index++) {
    const option = arg(args, index).toUpperCase()
    if (option === 'GET') options = { ...options, get: true }
    else if (option === 'KEEPTTL' && !options.expire) options = { ...options, keepTtl: true }
    else if ((option === 'NX' || option === 'XX') && (options.condition ?? option) === option)
      options = { ...options, condition: option }
    else if ((option === 'EX' || option === 'PX') && !options.keepTtl && (options.expire?.unit ?? option) === option) {
      index++
      const amount = args[index]
      if (amount === undefined) throw syntaxError()
      options = { ...options, expire: { unit: option, amount } }
    } else throw syntaxError()
  }
  return options
}

const expiresAtMs = (nowMs: number, expire: SetOptions['expire']): number | undefined => {
  if (!expire) return undefined
  const amount = parseInt64(expire.amount)
  const ms = expire.unit === 'EX' ? amount * 1000n : amount
  if (amount <= 0n || ms > MAX_INT64 - BigInt(Math.trunc(nowMs))) throw invalidExpireTime('set')
  return nowMs + Number(ms)
}

export const runSet = (keys: Keyspace, args: readonly string[]): RedisReply => {
  const key = arg(args, 0)
  const options = parseSetOptions(args)
  const expiry = expiresAtMs(keys.nowMs, options.expire)
  const previous = options.get ? (keys.getString(key) ?? null) : null
  const exists = keys.get(key) !== undefined
  if ((options.condition === 'NX' && exists) || (options.condition === 'XX' && !exists)) return previous
  keys.put(key, arg(args, 1))
  if (!options.keepTtl) keys.expireAt(key, expiry)
  return options.get ? previous : 'OK'
}
