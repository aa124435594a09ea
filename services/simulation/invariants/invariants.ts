import type { Evidence, Invariant } from './evidence.ts'
import { effectsHappenOnce, everythingArrives, rosterMatches } from './messages.ts'
import {
  chargedOnce,
  createPayoutWatch,
  grantsAreCovered,
  ledgerBalances,
  ledgerMatchesProvider,
  moneyHasItsUse,
  payoutsAreSent,
  refundsEndGrants,
  sharesMatchSales,
} from './money.ts'
import { promisesAreKept, sameKeyOneEffect, sameKeySameAnswer } from './promises.ts'
import { cancelledStaysCancelled, nothingIsLeft, sagasEnd } from './sagas.ts'
import { oneSeatEach, seatsFit } from './seats.ts'
import { booksConverge, createVersionWatch } from './state.ts'

/** A promise of the platform by its number. */
interface Named {
  readonly id: string
  readonly holds: Invariant
}

export interface Violation {
  readonly id: string
  readonly detail: string
}

const check = (invariants: readonly Named[], evidence: Evidence): Violation[] =>
  invariants.flatMap(({ id, holds }) => [...holds(evidence)].map((detail) => ({ id, detail })))

/** Those that hold between any two steps. */
export const createAlways = (): ((evidence: Evidence) => Violation[]) => {
  const always: readonly Named[] = [
    { id: 'I3', holds: grantsAreCovered },
    { id: 'I4', holds: seatsFit },
    { id: 'I4', holds: oneSeatEach },
    { id: 'I6', holds: createVersionWatch() },
    { id: 'I10', holds: ledgerBalances },
    { id: 'I10', holds: createPayoutWatch() },
  ]
  return (evidence) => check(always, evidence)
}

const IN_CALM: readonly Named[] = [{ id: 'I8', holds: sagasEnd }]

/** Those that hold as soon as nothing fails any more. */
export const checkInCalm = (evidence: Evidence): Violation[] => check(IN_CALM, evidence)

// I7 here: seat counters, roster and ledger. The catalog's views need Redis and are rebuilt in the suites of its projector.
const IN_THE_END: readonly Named[] = [
  { id: 'I1', holds: chargedOnce },
  { id: 'I2', holds: moneyHasItsUse },
  { id: 'I3', holds: refundsEndGrants },
  { id: 'I5', holds: everythingArrives },
  { id: 'I5', holds: effectsHappenOnce },
  { id: 'I6', holds: booksConverge },
  { id: 'I7', holds: rosterMatches },
  { id: 'I8', holds: nothingIsLeft },
  { id: 'I9', holds: sameKeySameAnswer },
  { id: 'I9', holds: sameKeyOneEffect },
  { id: 'I10', holds: ledgerMatchesProvider },
  { id: 'I10', holds: sharesMatchSales },
  { id: 'I10', holds: payoutsAreSent },
  { id: 'I11', holds: promisesAreKept },
  { id: 'I12', holds: cancelledStaysCancelled },
]

/** Those that hold when everything has come to rest. */
export const checkInTheEnd = (evidence: Evidence): Violation[] => check(IN_THE_END, evidence)
