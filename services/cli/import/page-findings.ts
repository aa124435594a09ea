import { cleanUrl } from '#domain/learning/course-url.ts'
import { piecesOf } from './inline-pieces.ts'
import { type Finding, readItem } from './list-item.ts'
import { lineOf, type Node, type NodeOf, type Page } from './markdown.ts'

/** Everything in a block that is, or looks like, a course of the list; lines come in no promised order. */
export function* findingsIn(node: Node, page: Page): Generator<Finding> {
  if (node.type === 'list') for (const item of node.children) yield* findingsInItem(item, page)
  else if (node.type === 'blockquote') for (const child of node.children) yield* findingsIn(child, page)
  else if (node.type === 'paragraph') yield* strayLinks(node, page)
  else if (node.type === 'html' || node.type === 'code') yield* rawItems(node, page)
}

function* findingsInItem(item: NodeOf<'listItem'>, page: Page): Generator<Finding> {
  const text = item.children.filter((child) => child.type === 'paragraph' || child.type === 'heading')
  const others = item.children.filter((child) => child.type !== 'paragraph' && child.type !== 'heading')
  // `* * [Title](url)` is two items on one line; the inner one speaks for it.
  const onlyWraps = text.length === 0 && others[0]?.type === 'list' && lineOf(others[0]) === lineOf(item)
  if (!onlyWraps) yield* readItem(item, text, page)
  for (const other of others) yield* findingsIn(other, page)
}

/** Links in running text are no items; those to a heading of the page ("see also") are no courses either. */
function* strayLinks(paragraph: NodeOf<'paragraph'>, page: Page): Generator<Finding> {
  for (const { link } of piecesOf([paragraph], page.definitions))
    if (link && !cleanUrl(link.url).startsWith('#'))
      yield { kind: 'refused', line: link.line, reason: 'a link outside a list item' }
}

// An item indented too far, or inside a fence or an HTML block, is not a list item to Markdown, but its author meant one.
const itemLine = /^\s*(?:<!--\s*)?(?:[-*+]|\d{1,9}[.)])\s+\S/

function* rawItems(node: NodeOf<'html' | 'code'>, page: Page): Generator<Finding> {
  const first = lineOf(node)
  const last = node.position?.end.line ?? first
  const block = node.type === 'html' ? 'HTML' : 'code'
  for (let line = first; line <= last; line++)
    if (itemLine.test(page.lines[line - 1] ?? ''))
      yield { kind: 'refused', line, reason: `the line is inside a block of ${block}, not in a list` }
}
