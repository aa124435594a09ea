// Marks that only steer the direction of the text around them. Joiners (U+200C, U+200D) stay: they are spelling.
const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

export const withoutBidiControls = (text: string) => text.replace(bidiControls, '')

/** One line of NFC text, safe to print: without direction marks, control characters and doubled spaces. */
export function plainText(text: string): string {
  return withoutBidiControls(text)
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim()
}
