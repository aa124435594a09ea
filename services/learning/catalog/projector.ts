import { randomUUID } from 'node:crypto'
import { failpoint } from '#bus/failpoints.ts'
import { applyCourse } from '#edge/read-models/apply-course.ts'
import { applySubjects } from '#edge/read-models/apply-subjects.ts'
import type { CatalogSource } from '#edge/read-models/catalog-source.ts'
import { REVISIONS } from '#edge/read-models/keys.ts'
import { type Reconciliation, reconcile } from '#edge/read-models/rebuild.ts'
import type { CatalogRedis } from '#edge/read-models/redis.ts'
import type { CatalogTables } from '../ports.ts'

/** Writes what the public sees of courses to Redis, where the edge reads it. */
export interface CatalogProjector {
  /** Writes one course as it is now, unless Redis has it so. */
  project(courseId: string): Promise<void>
  /** Compares Redis with the tables and writes what differs; rebuilds a Redis that came back empty. */
  repair(): Promise<Reconciliation>
}

const beforeProject = failpoint('learning.catalog.before_project')
const afterProject = failpoint('learning.catalog.after_project')

/** A rebuild that Redis' restart or another process overtook is begun again this often. */
const REBUILDS = 3

export const createCatalogProjector = (
  redis: CatalogRedis,
  tables: Pick<CatalogTables, 'revision'>,
  source: CatalogSource,
): CatalogProjector => {
  const shownSubjects = new Set<string>()
  let repairing: Promise<Reconciliation> | undefined

  const isShown = async (courseId: string): Promise<boolean> => {
    const revision = await tables.revision(courseId)
    if (revision === undefined) return true
    const shown = await redis.command('HGET', REVISIONS, courseId)
    return shown !== null && Number(shown) >= revision
  }

  /** A subject that an import added stands in the tree before the first course under it. */
  const showSubject = async (slug: string): Promise<void> => {
    if (shownSubjects.has(slug)) return
    const taxonomy = await source.subjects()
    await applySubjects(redis, taxonomy)
    for (const subject of taxonomy.subjects) shownSubjects.add(subject.slug)
  }

  const repair = async (): Promise<Reconciliation> => {
    let outcome = await reconcile(redis, source, randomUUID())
    for (let run = 1; !outcome.ready && run < REBUILDS; run++) outcome = await reconcile(redis, source, randomUUID())
    return outcome
  }

  return {
    project: async (courseId) => {
      if (await isShown(courseId)) return
      const view = await source.view(courseId)
      if (view === undefined) return
      await beforeProject()
      await showSubject(view.subject.slug)
      if ((await applyCourse(redis, view)) === 'slug_taken')
        throw new Error(`The catalog holds a slug of ${courseId} for another course.`)
      await afterProject()
    },
    repair: () => {
      repairing ??= repair().finally(() => {
        repairing = undefined
      })
      return repairing
    },
  }
}
