import { CHUNK_REVISIONS } from '#edge/read-models/keys.ts'
import type { Snapshot } from '../search/snapshot.ts'
import { ChunkStore } from './chunk-store.ts'
import { type Copy, isFresh, type Served, stale } from './freshness.ts'
import type { Read } from './redis-reader.ts'
import { hash } from './replies.ts'

const FIRST_LOAD_MS = 2000
const WARM_MS = 150
const CHUNKS_AT_ONCE = 8

/** The parsed index of one isolate: asks what changed at most every half second, and fetches only that. */
export class CatalogIndex {
  readonly #chunks = new ChunkStore()
  #copy: Copy<Snapshot> | undefined
  #turns = 0

  /** A copy that needs no call. */
  fresh(): Served<Snapshot> | undefined {
    const copy = this.#copy
    return copy && isFresh(copy, Date.now()) ? { source: 'copy', value: copy.value } : undefined
  }

  /** Brought up to date, or the stale copy while Redis fails. */
  async read(read: Read): Promise<Served<Snapshot> | undefined> {
    const now = Date.now()
    const copy = this.#copy
    const reading = await read((redis) => redis.hgetall(CHUNK_REVISIONS))
    if (reading && this.#chunks.adopt(reading)) this.#copy = undefined
    if (!reading || !(await this.#fetchChanged(read, hash(reading.replies[0]), now))) return stale(this.#copy, now)
    const value = this.#chunks.snapshot()
    if (!this.#copy || this.#copy.readAt <= reading.readAt) this.#copy = { value, readAt: reading.readAt }
    return { source: 'redis', value, replaced: copy !== undefined }
  }

  /** Chunk by chunk: what arrived stays when the budget ends, and the next request goes on from there. */
  async #fetchChanged(read: Read, revisions: ReadonlyMap<string, string>, startedAt: number): Promise<boolean> {
    const deadline = startedAt + (stale(this.#copy, startedAt) ? WARM_MS : FIRST_LOAD_MS)
    const fetched = new Set<string>()
    for (;;) {
      const missing = this.#chunks.changed(revisions).filter((name) => !fetched.has(name))
      if (missing.length === 0) return true
      const names = this.#turn(missing)
      const remaining = deadline - Date.now()
      const reading = remaining > 0 ? await this.#fetch(read, names, remaining) : undefined
      if (!reading || !this.#chunks.store(names, reading)) return false
      for (const name of names) fetched.add(name)
    }
  }

  /** Requests that load at the same time begin in different places, so that they share the work by what they leave. */
  #turn(missing: readonly string[]): string[] {
    const start = (this.#turns++ * CHUNKS_AT_ONCE) % missing.length
    return [...missing.slice(start), ...missing.slice(0, start)].slice(0, CHUNKS_AT_ONCE)
  }

  #fetch(read: Read, names: readonly string[], budgetMs: number) {
    return read((redis) => {
      for (const name of names) redis.hgetall(ChunkStore.key(name))
    }, budgetMs)
  }
}
