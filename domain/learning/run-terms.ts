import { z } from 'zod'
import { Instant } from '../kernel/clock.ts'
import type { FieldProblem } from '../kernel/errors.ts'
import { Money } from '../kernel/money.ts'

export const Pacing = z.enum(['self_paced', 'instructor_paced'])
export type Pacing = z.infer<typeof Pacing>

/** What a run offers: when, for how many, at which price. */
export const RunTerms = z.strictObject({
  price: Money,
  capacity: z.int().min(1).max(1_000_000),
  startsAt: Instant,
  endsAt: Instant,
  enrollmentOpensAt: Instant,
  enrollmentClosesAt: Instant,
  pacing: Pacing,
})
export type RunTerms = z.infer<typeof RunTerms>

export const RunTermsChanges = RunTerms.partial()
export type RunTermsChanges = z.infer<typeof RunTermsChanges>

const FIELDS = [
  'price',
  'capacity',
  'startsAt',
  'endsAt',
  'enrollmentOpensAt',
  'enrollmentClosesAt',
  'pacing',
] as const satisfies readonly (keyof RunTerms)[]

/** A learner may enroll before the run starts, but not after it has ended. */
export const dateProblems = ({ startsAt, endsAt, enrollmentOpensAt, enrollmentClosesAt }: RunTerms): FieldProblem[] => {
  const problems: FieldProblem[] = []
  if (endsAt <= startsAt) problems.push({ pointer: '/endsAt', detail: 'Must be after startsAt.' })
  if (enrollmentClosesAt <= enrollmentOpensAt)
    problems.push({ pointer: '/enrollmentClosesAt', detail: 'Must be after enrollmentOpensAt.' })
  if (enrollmentClosesAt > endsAt)
    problems.push({ pointer: '/enrollmentClosesAt', detail: 'Must not be after endsAt.' })
  return problems
}

export const changeTerms = <T extends RunTerms>(terms: T, changes: RunTermsChanges): T => ({
  ...terms,
  price: changes.price ?? terms.price,
  capacity: changes.capacity ?? terms.capacity,
  startsAt: changes.startsAt ?? terms.startsAt,
  endsAt: changes.endsAt ?? terms.endsAt,
  enrollmentOpensAt: changes.enrollmentOpensAt ?? terms.enrollmentOpensAt,
  enrollmentClosesAt: changes.enrollmentClosesAt ?? terms.enrollmentClosesAt,
  pacing: changes.pacing ?? terms.pacing,
})

const same = (a: RunTerms, b: RunTerms, field: keyof RunTerms): boolean =>
  field === 'price' ? a.price.amount === b.price.amount && a.price.currency === b.price.currency : a[field] === b[field]

export const changedTerms = (before: RunTerms, after: RunTerms): string[] =>
  FIELDS.filter((field) => !same(before, after, field))
