import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addMs, HOUR, type Instant } from '../kernel/clock.ts'
import type { EventDefinition } from '../kernel/event.ts'
import { Enrollment } from './enrollment.ts'
import type { EnrollmentStatus } from './enrollment-state.ts'
import { EnrollmentClosed, GrantRevoked } from './errors.ts'
import { EnrollmentCancelled, StudentEnrolled } from './events.ts'
import { exampleRequest, NOW } from './examples.ts'
import { type Grant, type GrantReference, isStanding } from './grant.ts'
import { moveSeats } from './seats.ts'

type Fact =
  | { readonly kind: 'granted'; readonly grant: Grant }
  | { readonly kind: 'revoked'; readonly grant: GrantReference; readonly at: Instant }
  | { readonly kind: 'cancelled'; readonly at: Instant }

const request = exampleRequest().state
const later = (hours: number): Instant => addMs(NOW, hours * HOUR)

/** Lets a fact take effect; a declined grant has none. */
const arrive = (enrollment: Enrollment, fact: Fact): Enrollment => {
  try {
    if (fact.kind === 'granted') enrollment.activate(fact.grant)
    else if (fact.kind === 'revoked') enrollment.revokeGrant(fact.grant, fact.at)
    else enrollment.cancel('cancelled', fact.at)
  } catch (error) {
    if (!GrantRevoked.is(error) && !EnrollmentClosed.is(error)) throw error
  }
  return enrollment
}

/** What does not depend on the way there; access is asked for after the last fact. */
const outcome = (facts: readonly Fact[]) => {
  const enrollment = facts.reduce(arrive, Enrollment.restore(request, 1))
  const { state } = enrollment
  return {
    status: state.status,
    ended: state.status === 'EXPIRED' ? state.expiredAt : state.status === 'CANCELLED' ? state.cancelledAt : undefined,
    standing: new Set(state.grants.filter(isStanding).map(({ source }) => source)),
    access: enrollment.hasAccess(later(40)),
  }
}

/** Facts of one learner's life: every grant has one set of terms and one revocation at most. */
const histories = fc
  .record({
    granted: fc.uniqueArray(
      fc.record({
        source: fc.constantFrom('purchase', 'admin', 'voucher'),
        validFrom: fc.integer({ min: 0, max: 5 }).map(later),
        validUntil: fc.option(fc.integer({ min: 6, max: 20 }).map(later), { nil: undefined }),
        revokedAt: fc.option(fc.integer({ min: 10, max: 30 }).map(later), { nil: undefined }),
      }),
      { selector: ({ source }) => source, maxLength: 3 },
    ),
    cancelledAt: fc.option(fc.integer({ min: 30, max: 35 }).map(later), { nil: undefined }),
  })
  .map(({ granted, cancelledAt }): Fact[] => [
    ...granted.flatMap(({ source, validFrom, validUntil, revokedAt }): Fact[] => {
      const grant = { source, ref: 'r', validFrom, validUntil }
      const given: Fact = { kind: 'granted', grant }
      return revokedAt === undefined ? [given] : [given, { kind: 'revoked', grant, at: revokedAt }]
    }),
    ...(cancelledAt === undefined ? [] : [{ kind: 'cancelled', at: cancelledAt } as const]),
  ])

const LAST_TOLD: Readonly<Record<EnrollmentStatus, EventDefinition | undefined>> = {
  PENDING: undefined,
  ACTIVE: StudentEnrolled,
  COMPLETED: StudentEnrolled,
  CANCELLED: EnrollmentCancelled,
  EXPIRED: EnrollmentCancelled,
}

/** A history, and the same facts shuffled with some of them repeated. */
const disorders = histories.chain((facts) =>
  fc
    .subarray(facts)
    .chain((repeated) => {
      const all = [...facts, ...repeated]
      return fc.shuffledSubarray(all, { minLength: all.length })
    })
    .map((disorder) => ({ facts, disorder })),
)

describe('facts about grants, in any order and repeated', () => {
  test('end in the state that the right order gives', () => {
    fc.assert(
      fc.property(disorders, ({ facts, disorder }) => {
        expect(outcome(disorder)).toEqual(outcome(facts))
      }),
      { numRuns: 500 },
    )
  })

  test('tell every beginning and every end, in turns', () => {
    fc.assert(
      fc.property(disorders, ({ disorder }) => {
        const enrollment = disorder.reduce(arrive, Enrollment.restore(request, 1))
        const told = enrollment.events.map(({ definition }) => definition)
        told.forEach((definition, n) => expect(definition).not.toBe(told[n + 1]))
        expect(told.at(-1)).toBe(LAST_TOLD[enrollment.status])
      }),
    )
  })

  test('leave exactly the seats that the status says', () => {
    fc.assert(
      fc.property(disorders, ({ disorder }) => {
        const run = { id: request.courseRunId, capacity: 1, seatsTaken: 0, seatsHeld: 1, waiting: 0 }
        const [enrollment, seats] = disorder.reduce(
          ([before, counted], fact) => {
            const next = arrive(Enrollment.restore(before.state, 1), fact)
            return [next, moveSeats(counted, next.seatMoves)] as const
          },
          [Enrollment.restore(request, 1), run] as const,
        )
        expect([seats.seatsHeld, seats.seatsTaken]).toEqual([
          enrollment.status === 'PENDING' ? 1 : 0,
          enrollment.status === 'ACTIVE' ? 1 : 0,
        ])
      }),
    )
  })
})
