import type { Piece } from './inline-pieces.ts'
import { plainText } from '../client/plain-text.ts'

export type Credits = { authors?: string; platform?: string; notes: string[] }

const remark = /:\w+:|required|requerid|richiest|requis\b|archived|in process/i
const shortcode = /:\w+:/g

/** Reads what follows a course's link: ` - authors (platform) *(account required)*`, each part optional. */
export function readCredits(pieces: readonly Piece[]): Credits {
  const emphasised = pieces.filter((piece) => piece.emphasised).map((piece) => plainText(piece.text))
  const isRemark = (group: string) =>
    remark.test(group) || emphasised.some((text) => text !== '' && (text.includes(group) || group.includes(text)))
  const { text, groups } = takeGroups(plainText(pieces.map((piece) => piece.text).join('')))
  const authors = text
    .replace(shortcode, '')
    .replace(/^\s*[-–—:|]+/, '')
    .trim()
  const platform = groups.filter((group) => !isRemark(group)).join(', ')
  return {
    ...(authors && { authors }),
    ...(platform && { platform }),
    notes: groups.filter(isRemark).map(remarkText),
  }
}

function remarkText(group: string): string {
  return plainText(group.replace(shortcode, '')) || group.replaceAll(':', '')
}

// Parentheses at either end are remarks and platforms; those inside belong to a name: `Ada (Alias), Bo`.
function takeGroups(line: string): { text: string; groups: string[] } {
  const before: string[] = []
  const after: string[] = []
  let text = line
  for (let end = closingOf(text); end > 0; end = closingOf(text)) {
    before.push(text.slice(1, end))
    text = text.slice(end + 1).trim()
  }
  for (let start = openingOf(text); start >= 0; start = openingOf(text)) {
    after.unshift(text.slice(start + 1, -1))
    text = text.slice(0, start).trim()
  }
  return { text, groups: [...before, ...after].map(plainText).filter(Boolean) }
}

function closingOf(text: string): number {
  return matching(text, '(（', ')）')
}

function openingOf(text: string): number {
  const fromEnd = matching([...text].toReversed().join(''), ')）', '(（')
  return fromEnd < 0 ? -1 : text.length - 1 - fromEnd
}

/** Where the parenthesis that `text` begins with is closed; -1 where it begins with none, or never closes it. */
function matching(text: string, open: string, close: string): number {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (open.includes(character)) depth++
    else if (close.includes(character)) depth--
    if (depth === 0) return at === 0 ? -1 : at
  }
  return -1
}
