import type { RedisScript } from './redis.ts'

/**
 * Keeps a value unless what it was read from has changed since: the generation is still the one that was seen before
 * reading. KEYS: [value, generation]. ARGV: [generation seen, text, milliseconds]. Reply: 1, or 0 where it was not kept.
 */
export const keepScript: RedisScript = {
  name: 'cache-keep',
  lua: `
if (redis.call('GET', KEYS[2]) or '0') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
`,
  run: (call, [value = '', generation = ''], [seen = '', text = '', milliseconds = '']) => {
    if ((call('GET', generation) ?? '0') !== seen) return 0
    call('SET', value, text, 'PX', milliseconds)
    return 1
  },
}

/**
 * Begins a generation, so that nothing older is read or kept any more.
 * KEYS: [value, generation]. ARGV: [milliseconds that the generation is remembered]. Reply: the generation.
 */
export const dropScript: RedisScript = {
  name: 'cache-drop',
  lua: `
local generation = redis.call('INCR', KEYS[2])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[1])
return generation
`,
  run: (call, [value = '', generation = ''], [milliseconds = '']) => {
    const next = call('INCR', generation)
    call('PEXPIRE', generation, milliseconds)
    call('DEL', value)
    return next
  },
}
