// Marks that only steer the direction of the text around them. Joiners (U+200C, U+200D) stay: they are spelling.
const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

export const withoutBidiControls = (text: string): string => text.replace(bidiControls, '')

/** The address as it was meant: without what a text of another direction left around it. */
export const cleanUrl = (url: string): string => withoutBidiControls(url).trim()

/** Why a link cannot be a course, or undefined where it can. */
export function urlProblem(url: string): string | undefined {
  if (url === '') return 'the link has no address'
  if (url.startsWith('#')) return 'the link points inside the page'
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(url)?.[1]?.toLowerCase()
  if (!scheme) return 'the link is relative: an address begins with https:// or http://'
  if (scheme !== 'http' && scheme !== 'https') return `the link begins with ${scheme}:, not with https:// or http://`
  if (!URL.canParse(url)) return 'the address is not a valid URL'
  const { username, password } = new URL(url)
  return username || password ? 'the address holds a user name or a password' : undefined
}

/**
 * The same key for two spellings of one address. Only what RFC 3986 calls equivalent is folded (case of scheme and
 * host, default port, dot segments, percent-encoding, an empty fragment): courses may differ in query or fragment alone.
 */
export function courseUrlKey(url: string): string {
  const { href } = new URL(cleanUrl(url))
  return href.replace(/#$/, '').replace(/%[\da-f]{2}/gi, canonicalEscape)
}

function canonicalEscape(escaped: string): string {
  const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
  return /[\w.~-]/.test(character) ? character : escaped.toUpperCase()
}
