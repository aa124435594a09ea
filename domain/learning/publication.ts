import type { Instant } from '../kernel/clock.ts'
import type { FieldProblem } from '../kernel/errors.ts'
import type { Money } from '../kernel/money.ts'
import type { CourseDetails, DraftDetails } from './course-details.ts'
import type { CourseRun } from './course-run.ts'
import type { Curriculum } from './curriculum.ts'

export type Publishable =
  | { readonly details: CourseDetails; readonly priceFrom: Money }
  | { readonly missing: readonly FieldProblem[] }

/** The lowest price among the runs, in the currency of the first: amounts of two currencies do not compare. */
export const priceFrom = (runs: readonly CourseRun[]): Money | undefined => {
  const prices = runs.map((run) => run.state.price)
  const [first] = prices
  return prices.filter(({ currency }) => currency === first?.currency).toSorted((a, b) => a.amount - b.amount)[0]
}

/** Either all that the public needs, or everything that is missing. */
export const publishable = (
  { title, subject, ...details }: DraftDetails,
  curriculum: Curriculum,
  runs: readonly CourseRun[],
  at: Instant,
): Publishable => {
  const price = priceFrom(runs.filter((run) => run.isOpen(at)))
  const hasLessons = curriculum.lessonCount > 0
  if (title && subject && hasLessons && price) return { details: { ...details, title, subject }, priceFrom: price }
  const missing: FieldProblem[] = []
  if (!title) missing.push({ pointer: '/title', detail: 'Give the course a title.' })
  if (!subject) missing.push({ pointer: '/subject', detail: 'Choose a subject.' })
  if (!hasLessons) missing.push({ pointer: '/lessons', detail: 'Add at least one lesson.' })
  if (!price) missing.push({ pointer: '/runs', detail: 'Open a run with a price that takes enrollments now.' })
  return { missing }
}
