import type { Subject } from '#domain/learning/subject.ts'
import type { ReadItem } from './import-item.ts'

type Heading = ReadItem['subject']

/** The slugs that headings speak of. */
export const slugsOf = (headings: readonly Heading[]): string[] => [
  ...new Set(headings.flatMap(({ slug, parent }) => (parent ? [slug, parent.slug] : [slug]))),
]

/**
 * The subjects that headings add to the known ones, parents first. What is known keeps its name and place, and of two
 * parents the first wins, so that a list that comes again adds nothing.
 */
export const newSubjects = (headings: readonly Heading[], known: ReadonlySet<string>): Subject[] => {
  const first = new Map<string, Heading>()
  for (const heading of headings) if (!first.has(heading.slug)) first.set(heading.slug, heading)
  const added: Subject[] = []
  const placed = new Set(known)

  /** Gives the slug back once it stands in the tree; null for one that is just being placed, which would be a circle. */
  const place = ({ slug, name, parent }: Heading, above: ReadonlySet<string>): string | null => {
    if (above.has(slug)) return null
    if (placed.has(slug)) return slug
    const parentSlug = parent ? place(first.get(parent.slug) ?? parent, new Set([...above, slug])) : null
    // A longer way to itself may have placed it meanwhile.
    if (placed.has(slug)) return slug
    placed.add(slug)
    added.push({ slug, name, parent: parentSlug })
    return slug
  }

  for (const heading of first.values()) place(heading, new Set())
  return added
}
