import { freeSlug, type Slug } from '#domain/learning/slug.ts'
import type { SlugRegistry } from './ports.ts'

const FIRST_TRIES = 8

/** The slugs that `freeSlug` would try, in its order. */
const candidates = (wanted: Slug, count: number): Slug[] => {
  const tried: Slug[] = []
  freeSlug(wanted, (slug) => tried.push(slug) < count)
  return tried
}

/**
 * A free slug for each wanted one, different from one another. Asks the store once, and again only where a name is so
 * common that all of the first candidates are taken.
 */
export const findFreeSlugs = async (slugs: SlugRegistry, wanted: readonly Slug[]): Promise<readonly Slug[]> => {
  for (let tries = FIRST_TRIES; ; tries *= 8) {
    const asked = new Set(wanted.flatMap((slug) => candidates(slug, tries)))
    const taken = new Set(await slugs.taken([...asked]))
    const chosen = wanted.map((slug) => {
      const free = freeSlug(slug, (candidate) => taken.has(candidate))
      taken.add(free)
      return free
    })
    if (chosen.every((slug) => asked.has(slug))) return chosen
  }
}
