import type { IndexedCourse } from './indexed-course.ts'

const UNSPACED = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}]/u
const ALPHABETIC = /^[\p{scx=Latn}\p{scx=Cyrl}\p{scx=Grek}\p{N}+#]+$/u

const WHOLE_WORD = 4
const BEGINNING = 3
const INSIDE = 2
const ALL_PAIRS = 1

/** One word of a query, prepared once for all courses. */
export interface Term {
  readonly text: string
  readonly mayBeInside: boolean
  readonly pairs: readonly string[]
}

/** A script without spaces hides words inside words; elsewhere two or three letters are needed to mean anything. */
export function term(text: string): Term {
  const unspaced = UNSPACED.test(text)
  const letters = [...text]
  return {
    text,
    mayBeInside: unspaced || letters.length >= (ALPHABETIC.test(text) ? 3 : 2),
    pairs: unspaced && letters.length > 2 ? letters.slice(1).map((letter, index) => letters[index] + letter) : [],
  }
}

/** How well a field (`searchable` text) holds a term; 0 when it does not. */
export function strength(field: string, { text, mayBeInside, pairs }: Term): number {
  if (field.includes(mayBeInside ? text : ` ${text}`)) {
    if (field.includes(` ${text} `)) return WHOLE_WORD
    return field.includes(` ${text}`) ? BEGINNING : INSIDE
  }
  return pairs.length > 0 && pairs.every((pair) => field.includes(pair)) ? ALL_PAIRS : 0
}

/**
 * Sum of the best field of each term, or undefined when one is found nowhere. It depends on the course alone (no
 * corpus frequencies), so that a cursor into ranked results stays valid when courses come and go.
 */
export function relevance(course: IndexedCourse, terms: readonly Term[]): number | undefined {
  let sum = 0
  for (const wanted of terms) {
    const best = Math.max(
      8 * strength(course.title, wanted),
      4 * strength(course.subject, wanted),
      4 * strength(course.tutor, wanted),
      strength(course.summary, wanted),
    )
    if (best === 0) return undefined
    sum += best
  }
  return sum
}
