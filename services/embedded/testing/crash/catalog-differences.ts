import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { CHUNK_REVISIONS, REVISION_FIELD } from '#edge/read-models/keys.ts'
import { catalogContents } from '#edge/read-models/testing/catalog-contents.ts'
import type { RunningService } from '#services/kit/hosts/run-service.ts'
import { Redis } from '#services/kit/ports.ts'
import { createEngine } from '#services/kit/redis/engine.ts'
import { withTutorNames } from '#services/learning/catalog/named-views.ts'
import { createCatalogProjector } from '#services/learning/catalog/projector.ts'
import { CatalogTables, TutorDirectory } from '#services/learning/ports.ts'

/** A rebuild has a token of its own, and chunks count their writes: neither says anything of a course. */
const INCOMPARABLE = new Set(['ready', CHUNK_REVISIONS])

const Card = z.object({ slug: z.string() })
const Hash = z.record(z.string(), z.unknown())

const fieldsOf = (hash: unknown): Record<string, unknown> => {
  const { [REVISION_FIELD]: _counted, ...fields } = Hash.parse(hash)
  return fields
}

const slugsOf = (contents: Record<string, unknown>): string[] =>
  Object.entries(contents)
    .filter(([key]) => key.startsWith('cat:chunk:'))
    .flatMap(([, hash]) => Object.values(fieldsOf(hash)))
    .map((card) => Card.parse(JSON.parse(String(card))).slug)

/** I7: keys of Redis whose content is not that of a rebuild from the owner's tables. */
export const catalogDifferences = async ({
  runtime: { resolve },
}: Pick<RunningService, 'runtime'>): Promise<string[]> => {
  const tables = resolve(CatalogTables)
  const rebuilt = createEngine({ now: () => performance.now() })
  await createCatalogProjector(rebuilt, tables, withTutorNames(tables, resolve(TutorDirectory))).repair()
  const slugs = slugsOf(await catalogContents(rebuilt, []))
  const theirs = await catalogContents(rebuilt, slugs)
  const ours = await catalogContents(resolve(Redis), slugs)
  return Object.keys(theirs).filter(
    (key) => !INCOMPARABLE.has(key) && !isDeepStrictEqual(fieldsOf(ours[key]), fieldsOf(theirs[key])),
  )
}
