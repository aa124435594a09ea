import { cleanUrl, urlProblem } from '#domain/learning/course-url.ts'
import { type Credits, readCredits } from './credits.ts'
import { type Piece, piecesOf } from './inline-pieces.ts'
import { lineOf, type Node, type NodeOf, type Page } from './markdown.ts'
import { plainText } from '../client/plain-text.ts'

/** What a line of a page turned out to be, before it is known which subject it stands in. */
export type Finding =
  | { kind: 'course'; line: number; course: { title: string; url: string } & Credits }
  | { kind: 'in-page'; line: number }
  | { kind: 'refused'; line: number; reason: string }

type LinkPiece = Piece & Required<Pick<Piece, 'link'>>

/** Reads the text of one list item: its first web link is the course. */
export function* readItem(item: NodeOf<'listItem'>, text: readonly Node[], page: Page): Generator<Finding> {
  const line = lineOf(item)
  const pieces = piecesOf(text, page.definitions)
  const links = pieces.filter(isLink)
  const chosen = links.find(({ link }) => !urlProblem(cleanUrl(link.url))) ?? links[0]
  if (!chosen) {
    yield { kind: 'refused', line, reason: whyNoLink(text) }
    return
  }
  const others = links.filter((piece) => piece !== chosen)
  yield readChosen(line, chosen, pieces, others)
  for (const { link } of others)
    if (link.line !== chosen.link.line && link.line !== line)
      yield { kind: 'refused', line: link.line, reason: 'a further link of the item above, not an item of its own' }
}

function readChosen(line: number, chosen: LinkPiece, pieces: readonly Piece[], others: readonly LinkPiece[]): Finding {
  const url = cleanUrl(chosen.link.url)
  if (url.startsWith('#')) return { kind: 'in-page', line }
  const reason = urlProblem(url)
  if (reason) return { kind: 'refused', line, reason }
  const title = plainText(chosen.text)
  if (!title) return { kind: 'refused', line, reason: 'the link has no text, so the course has no title' }
  const at = pieces.indexOf(chosen)
  const lead = plainText(
    pieces
      .slice(0, at)
      .map((piece) => piece.text)
      .join(''),
  )
  const credits = readCredits(pieces.slice(at + 1))
  const also = others.map((other) => `also: ${cleanUrl(other.link.url)}`)
  const notes = [...(/\p{L}{2}/u.test(lead) ? [lead] : []), ...credits.notes, ...also]
  return { kind: 'course', line, course: { title, url, ...credits, notes } }
}

const isLink = (piece: Piece): piece is LinkPiece => piece.link !== undefined

function whyNoLink(text: readonly Node[]): string {
  if (text.length === 0) return 'the item has no text'
  const html = text.some((node) => 'children' in node && node.children.some((child) => child.type === 'html'))
  return html ? 'the item has HTML instead of a Markdown link' : 'the item has no link'
}
