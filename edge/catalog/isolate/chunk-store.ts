import type { CourseCard } from '#edge/read-models/course-card.ts'
import { chunkKey, REVISION_FIELD, SUBJECTS, SUBJECTS_CHUNK } from '#edge/read-models/keys.ts'
import type { Subject } from '#edge/read-models/subjects.ts'
import { type IndexedCourse, indexedCourse } from '../search/indexed-course.ts'
import type { Snapshot } from '../search/snapshot.ts'
import { Taxonomy } from '../search/taxonomy.ts'
import type { Reading } from './redis-reader.ts'
import { hash } from './replies.ts'

interface Chunk {
  /** As found inside the chunk, which may be later than the one that made us fetch it. */
  readonly revision: string
  readonly readAt: number
  readonly courses: readonly IndexedCourse[]
}

/** Parsed chunks under one rebuild of Redis. */
export class ChunkStore {
  readonly #chunks = new Map<string, Chunk>()
  #taxonomy = new Taxonomy([])
  #rebuild: Pick<Reading, 'ready' | 'readAt'> | undefined
  #snapshot: Snapshot | undefined

  static key(name: string): string {
    return name === SUBJECTS_CHUNK ? SUBJECTS : chunkKey(Number(name))
  }

  /** True when Redis was rebuilt since: everything known is dropped. A reading from before changes nothing. */
  adopt({ ready, readAt }: Reading): boolean {
    if (this.#rebuild && (ready === this.#rebuild.ready || readAt < this.#rebuild.readAt)) return false
    this.#rebuild = { ready, readAt }
    this.#chunks.clear()
    this.#taxonomy = new Taxonomy([])
    this.#snapshot = undefined
    return true
  }

  changed(revisions: ReadonlyMap<string, string>): string[] {
    return [...revisions]
      .filter(([name, revision]) => this.#chunks.get(name)?.revision !== revision)
      .map(([name]) => name)
  }

  /** False, and nothing kept, when Redis was rebuilt between the calls. */
  store(names: readonly string[], { ready, readAt, replies }: Reading): boolean {
    if (ready !== this.#rebuild?.ready) return false
    for (const [index, name] of names.entries()) {
      const known = this.#chunks.get(name)
      if (!known || known.readAt <= readAt) this.#replace(name, hash(replies[index]), readAt)
    }
    return true
  }

  snapshot(): Snapshot {
    this.#snapshot ??= {
      courses: [...this.#chunks.values()].flatMap(({ courses }) => courses),
      taxonomy: this.#taxonomy,
    }
    return this.#snapshot
  }

  #replace(name: string, fields: Map<string, string>, readAt: number): void {
    const revision = fields.get(REVISION_FIELD) ?? ''
    fields.delete(REVISION_FIELD)
    this.#snapshot = undefined
    if (name === SUBJECTS_CHUNK) this.#taxonomy = new Taxonomy(subjects(fields.get('body')))
    const courses = name === SUBJECTS_CHUNK ? [] : [...fields.values()].map((card) => indexedCourse(courseCard(card)))
    this.#chunks.set(name, { revision, readAt, courses })
  }
}

// Both were validated when they were written; a validator here would cost each isolate 100 KB and each load its CPU.
function courseCard(text: string): CourseCard {
  return JSON.parse(text)
}

function subjects(text = '[]'): Subject[] {
  return JSON.parse(text)
}
