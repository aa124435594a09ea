import { CHUNK_REVISIONS, SUBJECTS } from './keys.ts'
import type { CatalogRedis } from './redis.ts'
import { WriteSubjects } from './scripts/write-subjects.ts'
import { fingerprint } from './stored-bytes.ts'
import { SubjectTaxonomy } from './subjects.ts'

/** Writes the taxonomy; an older revision is refused, an equal one applies again. */
export async function applySubjects(redis: CatalogRedis, taxonomy: SubjectTaxonomy): Promise<'applied' | 'older'> {
  const { revision, subjects } = SubjectTaxonomy.parse(taxonomy)
  const body = JSON.stringify(subjects)
  const chunkRevision = `${revision}.${fingerprint(body).slice(0, 8)}`
  const reply = await redis.script(WriteSubjects, [SUBJECTS, CHUNK_REVISIONS], [String(revision), chunkRevision, body])
  if (reply === 'applied' || reply === 'older') return reply
  throw new Error(`${WriteSubjects.name} answered ${JSON.stringify(reply)}`)
}
