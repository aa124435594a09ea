import { fromMarkdown } from 'mdast-util-from-markdown'

export type Document = ReturnType<typeof fromMarkdown>
export type Node = Document['children'][number]
export type NodeOf<Type extends Node['type']> = Extract<Node, { type: Type }>

export type Page = { document: Document; lines: readonly string[]; definitions: ReadonlyMap<string, string> }

// Until its next blank line, Markdown after a block tag is raw HTML. A line of nothing but wrappers carries no text, so
// blanking it opens the list inside and keeps the line numbers.
const wrapperLine =
  /^[ \t]*(?:<\/?(?:a|article|center|details|div|main|p|section|span)(?:[ \t][^<>\r\n]*)?>[ \t]*|<summary>[^\r\n]*<\/summary>[ \t]*)+$/gim

export function parsePage(text: string): Page {
  const source = text.replace(wrapperLine, '')
  const document = fromMarkdown(source)
  return { document, lines: linesOf(text), definitions: new Map(definitionsIn(document).toReversed()) }
}

export const linesOf = (text: string) => text.replace(/(?:\r\n|\n|\r)$/, '').split(/\r\n|\n|\r/)

export const lineOf = (node: Node) => node.position?.start.line ?? 0

export const childrenOf = (node: Node | Document): readonly Node[] => ('children' in node ? node.children : [])

/** What a reader sees of a node; tags such as `<a id="cpp"></a>` show nothing. */
export function textOf(node: Node): string {
  if (node.type === 'text' || node.type === 'inlineCode') return node.value
  if (node.type === 'image' || node.type === 'imageReference') return node.alt ?? ''
  if (node.type === 'break') return ' '
  return childrenOf(node).map(textOf).join('')
}

function definitionsIn(node: Node | Document): [identifier: string, url: string][] {
  if (node.type === 'definition') return [[node.identifier, node.url]]
  return childrenOf(node).flatMap(definitionsIn)
}
