import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addMs, HOUR, type Instant } from '../kernel/clock.ts'
import { DomainError } from '../kernel/errors.ts'
import type { EventDefinition } from '../kernel/event.ts'
import { Enrollment } from './enrollment.ts'
import type { EnrollmentStatus } from './enrollment-state.ts'
import { EnrollmentClosed, GrantRevoked } from './errors.ts'
import { CourseCompleted, EnrollmentCancelled, StudentEnrolled } from './events.ts'
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
    else if (fact.kind === 'revoked') enrollment.revokeGrant(fact.grant, 'revoked', fact.at)
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

type Act =
  | { readonly act: 'grant'; readonly ref: number; readonly days: number | undefined }
  | { readonly act: 'extend'; readonly days: number }
  | { readonly act: 'revoke'; readonly ref: number }
  | { readonly act: 'complete' | 'expire' | 'cancel' }

const lives = fc.array(
  fc.record({
    afterHours: fc.integer({ min: 0, max: 60 }),
    what: fc.oneof<fc.Arbitrary<Act>[]>(
      fc.record({
        act: fc.constant('grant' as const),
        ref: fc.integer({ min: 0, max: 3 }),
        days: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
      }),
      fc.record({ act: fc.constant('extend' as const), days: fc.integer({ min: -1, max: 6 }) }),
      fc.record({ act: fc.constant('revoke' as const), ref: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ act: fc.constantFrom('complete', 'expire', 'cancel') }),
    ),
  }),
  { maxLength: 25 },
)

const live = (enrollment: Enrollment, what: Act, at: Instant): void => {
  const inDays = (days: number): Instant => addMs(at, days * 24 * HOUR)
  try {
    if (what.act === 'grant')
      enrollment.activate({
        source: 'voucher',
        ref: String(what.ref),
        validFrom: at,
        validUntil: what.days === undefined ? undefined : inDays(what.days),
      })
    else if (what.act === 'extend') enrollment.extend(inDays(what.days), at)
    else if (what.act === 'revoke') enrollment.revokeGrant({ source: 'voucher', ref: String(what.ref) }, 'revoked', at)
    else if (what.act === 'complete') enrollment.complete(at)
    else if (what.act === 'expire') enrollment.expire(at)
    else enrollment.cancel('cancelled', at)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
  }
}

describe('a life of grants, extensions, revocations and ends', () => {
  test('gives access exactly while a grant is valid, and tells what began and ended', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const enrollment = Enrollment.restore(request, 1)
        /** A simple model: when each grant ends, by its name. */
        const ends = new Map<string, Instant>()
        let at = NOW
        for (const { afterHours, what } of life) {
          at = addMs(at, afterHours * HOUR)
          const before = new Set(enrollment.state.grants.map(({ ref }) => ref))
          live(enrollment, what, at)
          for (const { ref, validUntil } of enrollment.state.grants)
            if (!before.has(ref)) ends.set(ref, what.act === 'revoke' ? at : (validUntil ?? later(1e6)))
          const revoked = what.act === 'revoke' ? String(what.ref) : undefined
          const ended = revoked === undefined ? undefined : ends.get(revoked)
          if (revoked !== undefined && ended !== undefined && at < ended) ends.set(revoked, at)
          if (what.act === 'cancel' && enrollment.status === 'CANCELLED')
            for (const [ref, end] of ends) if (at < end) ends.set(ref, at)
          const isOpen = [...ends.values()].some((end) => at < end)
          expect(enrollment.hasAccess(at)).toBe(isOpen)
          expect(what.act === 'expire' && enrollment.status === 'ACTIVE' && !isOpen).toBe(false)
        }
        const told = enrollment.events.filter(({ definition }) => definition !== CourseCompleted)
        const begins = told.map(({ definition }) => definition === StudentEnrolled)
        begins.forEach((begin, n) => expect(begin).not.toBe(begins[n + 1]))
      }),
      { numRuns: 500 },
    )
  })
})

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
