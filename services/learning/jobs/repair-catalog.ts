import { SECOND } from '#domain/kernel/clock.ts'
import { job } from '#services/kit/jobs.ts'
import { CatalogProjector } from '../ports.ts'

/** What an event has missed does not stay: neither a lost delivery nor a Redis restored from an old copy. */
export const repairCatalog = job('repair-catalog', 30 * SECOND, { catalog: CatalogProjector }, async ({ catalog }) => {
  const { ready, ahead, refused } = await catalog.repair()
  const problems = [
    ready ? undefined : 'Redis restarted while it was rebuilt',
    ahead.length > 0 ? `Redis knows later revisions than the tables of ${ahead.join(', ')}` : undefined,
    refused.length > 0 ? `slugs of ${refused.join(', ')} belong to other courses` : undefined,
  ].filter((problem) => problem !== undefined)
  if (problems.length > 0) throw new Error(`The catalog is not whole: ${problems.join('; ')}.`)
})
