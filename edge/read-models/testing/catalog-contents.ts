import { CHUNKS } from '../chunks.ts'
import { CHUNK_REVISIONS, chunkKey, READY, REVISIONS, SUBJECTS, slugKey } from '../keys.ts'
import type { CatalogRedis, Reply } from '../redis.ts'

/** All that Redis holds of the catalog, with the given slugs, in an order that does not depend on the server. */
export async function catalogContents(redis: CatalogRedis, slugs: readonly string[]) {
  const hashes = [REVISIONS, CHUNK_REVISIONS, SUBJECTS, ...slugs.map(slugKey)]
  for (let chunk = 0; chunk < CHUNKS; chunk++) hashes.push(chunkKey(chunk))
  const contents: Record<string, unknown> = { ready: await redis.command('GET', READY) }
  for (const key of hashes) contents[key] = fields(await redis.command('HGETALL', key))
  return contents
}

export function fields(reply: Reply): Record<string, Reply> {
  const values = Array.isArray(reply) ? reply : []
  const pairs = values.flatMap((field, index) =>
    index % 2 ? [] : [[String(field), values[index + 1] ?? null] as const],
  )
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)))
}
