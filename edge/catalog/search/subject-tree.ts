import type { Snapshot } from './snapshot.ts'

export interface SubjectNode {
  slug: string
  name: string
  /** Courses of this subject and of all below it. */
  count: number
  children: SubjectNode[]
}

export function subjectTree({ courses, taxonomy }: Snapshot): SubjectNode[] {
  const nodes = new Map<string, SubjectNode>()
  const add = (slug: string, name: string) => nodes.set(slug, { slug, name, count: 0, children: [] })
  for (const { slug, name } of taxonomy.subjects) add(slug, name)
  for (const { card } of courses) {
    if (!nodes.has(card.subject.slug)) add(card.subject.slug, card.subject.name)
    for (const slug of taxonomy.lineage(card.subject.slug)) {
      const node = nodes.get(slug)
      if (node) node.count++
    }
  }
  return rooted(nodes, taxonomy)
}

function rooted(nodes: ReadonlyMap<string, SubjectNode>, taxonomy: Snapshot['taxonomy']): SubjectNode[] {
  const roots: SubjectNode[] = []
  for (const node of nodes.values()) {
    const parent = nodes.get(taxonomy.parent(node.slug) ?? '')
    if (parent) parent.children.push(node)
    else roots.push(node)
  }
  const byName = (a: SubjectNode, b: SubjectNode) => (a.name < b.name ? -1 : Number(a.name > b.name))
  for (const { children } of nodes.values()) children.sort(byName)
  return roots.sort(byName)
}
