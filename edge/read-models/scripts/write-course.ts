import { REVISION_FIELD } from '../keys.ts'
import type { Call, Script } from '../redis.ts'

/**
 * KEYS revisions, chunk revisions, chunk, current slug, former slugs...
 * ARGV id, revision, chunk number, chunk revision, card, status, slug, etag, page, etag of JSON-LD, JSON-LD,
 *   etag of reviews, reviews
 */
export const WriteCourse: Script = {
  name: 'catalog.write_course',

  lua: `
local id, revision, chunk, chunkRevision, card, status = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local held = redis.call('HGET', KEYS[1], id)
if held and tonumber(held) > tonumber(revision) then return 'older' end
for i = 4, #KEYS do
  local owner = redis.call('HGET', KEYS[i], 'id')
  if owner and owner ~= id then return 'slug_taken' end
end
for i = 4, #KEYS do
  redis.call('DEL', KEYS[i])
  if status == 'archived' then
    redis.call('HSET', KEYS[i], 'id', id, 'kind', 'gone')
  elseif i == 4 then
    redis.call('HSET', KEYS[i], 'id', id, 'kind', 'page', 'etag', ARGV[8], 'body', ARGV[9],
      'ldEtag', ARGV[10], 'ldBody', ARGV[11], 'reviewsEtag', ARGV[12], 'reviewsBody', ARGV[13])
  else
    redis.call('HSET', KEYS[i], 'id', id, 'kind', 'moved', 'to', ARGV[7])
  end
end
if (redis.call('HGET', KEYS[3], id) or '') ~= card then
  if card == '' then redis.call('HDEL', KEYS[3], id) else redis.call('HSET', KEYS[3], id, card) end
  redis.call('HSET', KEYS[3], '${REVISION_FIELD}', chunkRevision)
  redis.call('HSET', KEYS[2], chunk, chunkRevision)
end
redis.call('HSET', KEYS[1], id, revision)
return 'applied'
`,

  run(call, keys, args) {
    const [revisions = '', , , ...slugs] = keys
    const [id = '', revision = ''] = args
    const held = call('HGET', revisions, id)
    if (held !== null && Number(held) > Number(revision)) return 'older'
    if (slugs.some((slug) => ![null, id].includes(owner(call, slug)))) return 'slug_taken'
    slugs.forEach((slug, position) => {
      call('DEL', slug)
      call('HSET', slug, 'id', id, ...slugFields(args, position === 0))
    })
    writeCard(call, keys, args)
    call('HSET', revisions, id, revision)
    return 'applied'
  },
}

function owner(call: Call, slugKey: string): string | null {
  const id = call('HGET', slugKey, 'id')
  return id === null ? null : String(id)
}

function slugFields(args: readonly string[], current: boolean): string[] {
  const [, , , , , status, slug = '', etag = '', body = '', ldEtag = '', ldBody = '', ...reviews] = args
  const [reviewsEtag = '', reviewsBody = ''] = reviews
  if (status === 'archived') return ['kind', 'gone']
  if (!current) return ['kind', 'moved', 'to', slug]
  return [
    'kind',
    'page',
    'etag',
    etag,
    'body',
    body,
    'ldEtag',
    ldEtag,
    'ldBody',
    ldBody,
    'reviewsEtag',
    reviewsEtag,
    'reviewsBody',
    reviewsBody,
  ]
}

/** A change that does not show on the card (a lesson's title) leaves the chunk's revision, and so every isolate, alone. */
function writeCard(call: Call, keys: readonly string[], args: readonly string[]) {
  const [, chunkRevisions = '', chunk = ''] = keys
  const [id = '', , number = '', chunkRevision = '', card = ''] = args
  if ((call('HGET', chunk, id) ?? '') === card) return
  if (card === '') call('HDEL', chunk, id)
  else call('HSET', chunk, id, card)
  call('HSET', chunk, REVISION_FIELD, chunkRevision)
  call('HSET', chunkRevisions, number, chunkRevision)
}
