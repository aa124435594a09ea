import { childrenOf, lineOf, type Node, type Page, textOf } from './markdown.ts'

/** A stretch of text in reading order, whatever bold or italic it was nested in. */
export type Piece = { text: string; emphasised: boolean; link?: { url: string; line: number } }

export function piecesOf(nodes: readonly Node[], definitions: Page['definitions'], emphasised = false): Piece[] {
  return nodes.flatMap((node) => {
    const url = linkTarget(node, definitions)
    if (url !== undefined) return [{ text: textOf(node), emphasised, link: { url, line: lineOf(node) } }]
    if (node.type === 'paragraph' || node.type === 'heading')
      return [...piecesOf(node.children, definitions, emphasised), { text: ' ', emphasised: false }]
    if (node.type === 'emphasis' || node.type === 'strong') return piecesOf(childrenOf(node), definitions, true)
    return [{ text: textOf(node), emphasised: emphasised || node.type === 'inlineCode' }]
  })
}

function linkTarget(node: Node, definitions: Page['definitions']): string | undefined {
  if (node.type === 'link') return node.url
  return node.type === 'linkReference' ? definitions.get(node.identifier) : undefined
}
