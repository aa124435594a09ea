import { z } from 'zod'

const MAX_LENGTH = 80
const FALLBACK = 'course'
const WORD = String.raw`[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+`

/** The readable part of a public address: words of any script joined by hyphens, without capitals. */
export const Slug = z
  .string()
  .min(1)
  .max(MAX_LENGTH)
  .regex(new RegExp(`^${WORD}(?:-${WORD})*$`, 'u'))
export type Slug = z.infer<typeof Slug>

/** Letters without a decomposition, and signs that tell titles apart: C, C++ and C# are three courses. */
const SPELLED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  '+': '-plus-',
  '#': '-sharp-',
  '&': '-and-',
  '@': '-at-',
}

/** Accents go only where the letter stays readable; in other scripts a mark is part of the word. */
const withoutLatinAccents = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/(\p{Script=Latin})\p{Mn}+/gu, '$1')
    .normalize('NFC')

const cut = (slug: string, length: number): string => {
  const kept =
    slug.length <= length
      ? slug
      : slug
          .slice(0, length)
          .toWellFormed()
          .replace(/\uFFFD$/u, '')
  return kept.replace(/-+$/u, '')
}

/** `Über C++ & Go` is `uber-c-plus-plus-and-go`; a title without any letter or digit is `course`. */
export const slugOf = (title: string): Slug => {
  const plain = withoutLatinAccents(title.normalize('NFKC').toLowerCase())
  const spelled = plain.replace(/\p{Cf}/gu, '').replace(/[ßæœøłđðþı+#&@]/gu, (sign) => SPELLED[sign] ?? sign)
  const words = spelled.replace(/[^\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+/gu, '-').replace(/^-+/u, '')
  return cut(words, MAX_LENGTH) || FALLBACK
}

/** The wanted slug, or the first of `wanted-2`, `wanted-3`, … that no other course has or had. */
export const freeSlug = (wanted: Slug, isTaken: (slug: Slug) => boolean): Slug => {
  let slug = wanted
  for (let n = 2; isTaken(slug); n += 1) {
    const suffix = `-${n}`
    slug = `${cut(wanted, MAX_LENGTH - suffix.length)}${suffix}`
  }
  return slug
}
