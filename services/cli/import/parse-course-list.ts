import type { Credits } from './credits.ts'
import type { Finding } from './list-item.ts'
import { parsePage } from './markdown.ts'
import { createOutline, type Subject } from './outline.ts'
import { findingsIn } from './page-findings.ts'
import { plainText } from '../client/plain-text.ts'

export type CourseItem = { line: number; title: string; url: string; subject: Subject; language: string } & Credits
export type Refusal = { line: number; text: string; reason: string }
/** Every list item's line is in exactly one of the three; `index` holds the lines of the table of contents. */
export type CourseList = { items: CourseItem[]; refused: Refusal[]; index: number[]; lineCount: number }

/** Reads a list of courses as free-programming-books publishes them: headings are subjects, items are links. */
export function parseCourseList(text: string, { language }: { language: string }): CourseList {
  const page = parsePage(text)
  const outline = createOutline(page.document)
  const list: CourseList = { items: [], refused: [], index: [], lineCount: page.lines.length }
  const refusedLines = new Set<number>()
  for (const node of page.document.children) {
    if (node.type === 'heading') outline.enter(node)
    else for (const finding of findingsIn(node, page)) place(finding)
  }
  return list

  function place(finding: Finding): void {
    const { line } = finding
    const subject = outline.subject()
    if (finding.kind === 'course' && subject) list.items.push({ line, ...finding.course, subject, language })
    // Links to headings before the first course are the index, in whatever language it is titled.
    else if (finding.kind === 'in-page' && list.items.length === 0) list.index.push(line)
    else if (!refusedLines.has(line)) {
      refusedLines.add(line)
      list.refused.push({ line, text: excerpt(page.lines[line - 1] ?? ''), reason: reasonOf(finding) })
    }
  }
}

function reasonOf(finding: Finding): string {
  if (finding.kind === 'refused') return finding.reason
  return finding.kind === 'in-page' ? 'the link points inside the page' : 'the item stands under no heading'
}

function excerpt(line: string): string {
  const characters = [...plainText(line)]
  return characters.length > 120 ? `${characters.slice(0, 119).join('')}…` : characters.join('')
}
