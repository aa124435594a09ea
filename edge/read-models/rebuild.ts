import { applyCourse } from './apply-course.ts'
import { applySubjects } from './apply-subjects.ts'
import type { CatalogSource } from './catalog-source.ts'
import { READY, REBUILD, REVISIONS } from './keys.ts'
import type { CatalogRedis } from './redis.ts'
import { FinishRebuild } from './scripts/finish-rebuild.ts'

const AT_ONCE = 16

export interface Reconciliation {
  /** False when Redis was emptied or another rebuild began meanwhile: call again. */
  readonly ready: boolean
  readonly written: number
  /** Courses whose slug Redis holds for another course. */
  readonly refused: string[]
  /** Courses of which Redis knows a later revision than the owner, or that the owner does not know: its tables went back. */
  readonly ahead: string[]
}

/** Call on each (re)connect and every 30 s: rebuilds a Redis that came back empty, else writes what differs. */
export async function reconcile(redis: CatalogRedis, source: CatalogSource, token: string): Promise<Reconciliation> {
  if ((await redis.command('GET', READY)) === null) return rebuild(redis, source, token)
  // Redis first: what it holds was committed before, so a table read after it can only be equal or later.
  const held = await revisions(redis)
  const owned = await source.revisions()
  const differing = [...owned].filter(([id, revision]) => (held.get(id) ?? -1) < revision).map(([id]) => id)
  const ahead = [...held].filter(([id, revision]) => revision > (owned.get(id) ?? -1)).map(([id]) => id)
  await applySubjects(redis, await source.subjects())
  const outcome = await applyAll(redis, source, differing)
  return { ready: (await redis.command('GET', READY)) !== null, ahead, ...outcome }
}

/** Writes every course; `cat:ready` appears only if the token planted first is still there at the end. */
export async function rebuild(redis: CatalogRedis, source: CatalogSource, token: string): Promise<Reconciliation> {
  await redis.command('SET', REBUILD, token)
  await applySubjects(redis, await source.subjects())
  const outcome = await applyAll(redis, source, [...(await source.revisions()).keys()])
  const finish = await redis.script(FinishRebuild, [REBUILD, READY], [token])
  return { ready: finish === 'ready', ahead: [], ...outcome }
}

/** Course id -> revision that Redis holds. */
export async function revisions(redis: CatalogRedis): Promise<Map<string, number>> {
  const reply = await redis.command('HGETALL', REVISIONS)
  const held = new Map<string, number>()
  if (!Array.isArray(reply)) return held
  for (let index = 0; index < reply.length; index += 2) held.set(String(reply[index]), Number(reply[index + 1]))
  return held
}

async function applyAll(redis: CatalogRedis, source: CatalogSource, courseIds: readonly string[]) {
  const refused: string[] = []
  let written = 0
  for (let start = 0; start < courseIds.length; start += AT_ONCE) {
    const apply = async (courseId: string) => {
      const view = await source.view(courseId)
      const applied = view && (await applyCourse(redis, view))
      if (applied === 'slug_taken') refused.push(courseId)
      if (applied === 'applied') written++
    }
    await Promise.all(courseIds.slice(start, start + AT_ONCE).map(apply))
  }
  return { written, refused }
}
