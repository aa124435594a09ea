import { type Document, type Node, type NodeOf, textOf } from './markdown.ts'
import { plainText } from '../client/plain-text.ts'
import { subjectSlug } from './subject-slug.ts'

export type SubjectName = { name: string; slug: string }
/** `path` holds the headings above, outermost first. */
export type Subject = SubjectName & { path: SubjectName[] }

export type Outline = { enter(heading: NodeOf<'heading'>): void; subject(): Subject | undefined }

/** Follows the headings of a page and says which subject the reader stands in. */
export function createOutline(document: Document): Outline {
  const top = topDepth(document.children)
  let open: (SubjectName & { depth: number })[] = []
  return {
    enter(heading) {
      const depth = Math.max(heading.depth, top)
      const name = plainText(textOf(heading))
      open = [...open.filter((above) => above.depth < depth), { depth, name, slug: subjectSlug(name) }]
    },
    subject() {
      const [current, ...above] = open.toReversed()
      if (!current?.name) return undefined
      const path = above.filter(({ name, slug }) => name && slug !== current.slug).toReversed()
      return { name: current.name, slug: current.slug, path: path.map(({ name, slug }) => ({ name, slug })) }
    },
  }
}

// The first list (the index) sets the level of subjects, so a page's title above it, or one heading written a level too
// high further down, does not become the parent of all that follows.
function topDepth(nodes: readonly Node[]): number {
  const first = nodes.find((node, at) => node.type === 'heading' && nodes[at + 1]?.type === 'list')
  return first?.type === 'heading' ? first.depth : 1
}
