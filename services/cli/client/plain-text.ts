import { withoutBidiControls } from '#domain/learning/course-url.ts'

/** One line of NFC text, safe to print: without direction marks, control characters and doubled spaces. */
export function plainText(text: string): string {
  return withoutBidiControls(text)
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim()
}
