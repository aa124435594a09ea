import type { Script } from '../redis.ts'

/** KEYS rebuild, ready. ARGV token */
export const FinishRebuild: Script = {
  name: 'catalog.finish_rebuild',

  lua: `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'superseded' end
redis.call('SET', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[1])
return 'ready'
`,

  run(call, [rebuild = '', ready = ''], [token = '']) {
    if (call('GET', rebuild) !== token) return 'superseded'
    call('SET', ready, token)
    call('DEL', rebuild)
    return 'ready'
  },
}
