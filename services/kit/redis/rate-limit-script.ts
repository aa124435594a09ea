import type { RedisScript } from './redis.ts'

/**
 * One decision of the generic cell rate algorithm (ITU-T I.371, as in `redis-cell`). The key holds the theoretical
 * arrival time: the moment at which the whole quota is free again. A request moves it one interval ahead and is refused
 * when that is more than `burst` away. All times are integers in microseconds, so that both languages count alike.
 *
 * KEYS: [counter]. ARGV: [now, interval, burst]. Reply: [allowed 0 | 1, time to full quota, time to the next place].
 */
export const rateLimitScript: RedisScript = {
  name: 'rate-limit',
  lua: `
local now, interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local next_full = full + interval
if next_full - now > burst then return {0, full - now, next_full - now - burst} end
redis.call('SET', KEYS[1], string.format('%.0f', next_full), 'PX', math.ceil((next_full - now) / 1000))
return {1, next_full - now, 0}
`,
  run: (call, [key = ''], args) => {
    const [now = 0, interval = 0, burst = 0] = args.map(Number)
    const full = Math.max(Number(call('GET', key) ?? 0), now)
    const nextFull = full + interval
    if (nextFull - now > burst) return [0, full - now, nextFull - now - burst]
    call('SET', key, nextFull, 'PX', Math.ceil((nextFull - now) / 1000))
    return [1, nextFull - now, 0]
  },
}
