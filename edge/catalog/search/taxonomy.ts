import type { Subject } from '#edge/read-models/subjects.ts'

/** Subjects and their ancestors; a subject that only a course names is a root. */
export class Taxonomy {
  readonly subjects: readonly Subject[]
  readonly #bySlug: ReadonlyMap<string, Subject>
  readonly #lineages = new Map<string, readonly string[]>()

  constructor(subjects: readonly Subject[]) {
    this.subjects = subjects
    this.#bySlug = new Map(subjects.map((subject) => [subject.slug, subject]))
  }

  name(slug: string): string | undefined {
    return this.#bySlug.get(slug)?.name
  }

  /** The slug, its parent, and so on up; a cycle ends where it closes. */
  lineage(slug: string): readonly string[] {
    const known = this.#lineages.get(slug)
    if (known) return known
    const lineage = new Set([slug])
    for (let next = this.#parent(slug); next !== undefined && !lineage.has(next); next = this.#parent(next)) {
      lineage.add(next)
    }
    const path = [...lineage]
    this.#lineages.set(slug, path)
    return path
  }

  /** Undefined for a root, and where following parents would come back to this subject: a tree has to end. */
  parent(slug: string): string | undefined {
    const parent = this.#parent(slug)
    return parent !== undefined && !this.lineage(parent).includes(slug) ? parent : undefined
  }

  #parent(slug: string): string | undefined {
    const parent = this.#bySlug.get(slug)?.parent
    return parent !== undefined && this.#bySlug.has(parent) ? parent : undefined
  }
}
