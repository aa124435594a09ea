import { REVISION_FIELD, SUBJECTS_CHUNK } from '../keys.ts'
import type { Script } from '../redis.ts'

/** KEYS subjects, chunk revisions. ARGV revision, chunk revision, subjects */
export const WriteSubjects: Script = {
  name: 'catalog.write_subjects',

  lua: `
local held = redis.call('HGET', KEYS[1], 'revision')
if held and tonumber(held) > tonumber(ARGV[1]) then return 'older' end
redis.call('HSET', KEYS[1], 'revision', ARGV[1], '${REVISION_FIELD}', ARGV[2], 'body', ARGV[3])
redis.call('HSET', KEYS[2], '${SUBJECTS_CHUNK}', ARGV[2])
return 'applied'
`,

  run(call, [subjects = '', chunkRevisions = ''], [revision = '', chunkRevision = '', body = '']) {
    const held = call('HGET', subjects, 'revision')
    if (held !== null && Number(held) > Number(revision)) return 'older'
    call('HSET', subjects, 'revision', revision, REVISION_FIELD, chunkRevision, 'body', body)
    call('HSET', chunkRevisions, SUBJECTS_CHUNK, chunkRevision)
    return 'applied'
  },
}
