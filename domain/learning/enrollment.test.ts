import { describe, expect, test } from 'vitest'
import { addMs, DAY } from '../kernel/clock.ts'
import { DomainError, type DeclaredError } from '../kernel/errors.ts'
import { CourseRun } from './course-run.ts'
import { Enrollment } from './enrollment.ts'
import {
  AlreadyEnrolled,
  EnrollmentClosed,
  ExtensionInPast,
  GrantRevoked,
  NothingToExtend,
  PaymentMismatch,
  CancellationWindowClosed,
  RunFull,
  RunNotOpen,
} from './errors.ts'
import {
  CourseCompleted,
  EnrollmentCancelled,
  EnrollmentExpired,
  EnrollmentRequested,
  StudentEnrolled,
} from './events.ts'
import { exampleIds, exampleLearner, exampleRequest, exampleRun, NOW } from './examples.ts'
import type { Grant } from './grant.ts'
import { assertWithinCancellationWindow } from './cancellation-window.ts'

const payment = exampleIds.next('pay')
const purchase: Grant = { source: 'purchase', ref: payment, validFrom: NOW }
const gift: Grant = { source: 'admin', ref: 'gift', validFrom: NOW, validUntil: addMs(NOW, 30 * DAY) }

const stored = (enrollment: Enrollment): Enrollment => Enrollment.restore(enrollment.state, enrollment.version + 1)
const requested = (): Enrollment => stored(exampleRequest())
const active = (grant: Grant = purchase): Enrollment => {
  const enrollment = requested()
  enrollment.attachPayment(payment)
  enrollment.activate(grant)
  return stored(enrollment)
}

const expectRefusal = (error: DeclaredError, act: () => void): void => {
  expect(act).toThrow(DomainError)
  expect(act).toThrow(expect.objectContaining({ code: error.code }))
}

describe('requesting an enrollment', () => {
  test('freezes the price and holds a seat', () => {
    const run = exampleRun()
    const enrollment = exampleRequest(run)
    const { courseId, price } = run.state
    expect(enrollment.status).toBe('PENDING')
    expect(enrollment.seatMoves).toEqual(['hold'])
    expect(enrollment.events).toEqual([
      {
        definition: EnrollmentRequested,
        data: { enrollmentId: enrollment.id, courseId, courseRunId: run.id, studentId: exampleLearner, price },
      },
    ])
  })

  test('needs an open run with a free seat', () => {
    const full = CourseRun.restore({ ...exampleRun().state, seatsHeld: 2 }, 1)
    expectRefusal(RunFull, () => exampleRequest(full))
    const over = exampleRun({ enrollmentClosesAt: NOW })
    expectRefusal(RunNotOpen, () => exampleRequest(over))
  })
})

describe('activating', () => {
  test('gives access, takes the held seat and tells of it with the payment', () => {
    const enrollment = requested()
    enrollment.attachPayment(payment)
    enrollment.activate(purchase)
    expect(enrollment.status).toBe('ACTIVE')
    expect(enrollment.seatMoves).toEqual(['take'])
    expect(enrollment.hasAccess(NOW)).toBe(true)
    expect(enrollment.events).toEqual([
      { definition: StudentEnrolled, data: expect.objectContaining({ paymentId: payment, source: 'purchase' }) },
    ])
  })

  test('with the same grant again changes nothing', () => {
    const enrollment = active()
    const before = enrollment.state
    enrollment.activate({ ...purchase, validFrom: addMs(NOW, 1) })
    expect(enrollment.state).toBe(before)
    expect(enrollment.events).toEqual([])
  })

  test('with a further grant is not told twice', () => {
    const enrollment = active()
    enrollment.activate(gift)
    expect(enrollment.events).toEqual([])
    expect(enrollment.seatMoves).toEqual([])
  })

  test('with a second purchase is a duplicate', () => {
    expectRefusal(AlreadyEnrolled, () => active().activate({ ...purchase, ref: exampleIds.next('pay') }))
  })

  test('is declined after a cancellation', () => {
    const enrollment = requested()
    enrollment.cancel('cancelled', NOW)
    expectRefusal(EnrollmentClosed, () => enrollment.activate(purchase))
  })

  test('is declined with a grant that was revoked beforehand', () => {
    const enrollment = requested()
    enrollment.revokeGrant(purchase, 'refunded', NOW)
    expectRefusal(GrantRevoked, () => enrollment.activate(purchase))
    expect(enrollment.hasAccess(NOW)).toBe(false)
  })
})

describe('access', () => {
  test('lasts as long as a grant is valid', () => {
    const enrollment = active(gift)
    expect(enrollment.hasAccess(addMs(NOW, 29 * DAY))).toBe(true)
    expect(enrollment.hasAccess(addMs(NOW, 30 * DAY))).toBe(false)
  })

  test('ends with the last grant: the seat is free and others hear of the refund', () => {
    const enrollment = active()
    enrollment.revokeGrant(purchase, 'refunded', NOW)
    expect(enrollment.state).toMatchObject({ status: 'EXPIRED', expiredAt: NOW })
    expect(enrollment.seatMoves).toEqual(['release_taken'])
    expect(enrollment.events).toEqual([
      { definition: EnrollmentCancelled, data: expect.objectContaining({ reason: 'refunded' }) },
    ])
  })

  test('stays while another grant stands', () => {
    const enrollment = active()
    enrollment.activate(gift)
    enrollment.revokeGrant(purchase, 'refunded', NOW)
    expect(enrollment.status).toBe('ACTIVE')
    expect(enrollment.events).toEqual([])
  })

  test('comes back with a new grant, and needs a seat for it', () => {
    const enrollment = active()
    enrollment.revokeGrant(purchase, 'refunded', NOW)
    const expired = stored(enrollment)
    expired.activate(gift)
    expect(expired.status).toBe('ACTIVE')
    expect(expired.seatMoves).toEqual(['hold', 'take'])
  })

  test('is completed once, and tells so', () => {
    const enrollment = active()
    enrollment.complete(NOW)
    enrollment.complete(addMs(NOW, DAY))
    expect(enrollment.state).toMatchObject({ status: 'COMPLETED', completedAt: NOW })
    expect(enrollment.events.map(({ definition }) => definition)).toEqual([CourseCompleted])
    expectRefusal(EnrollmentClosed, () => requested().complete(NOW))
  })

  test('of a completed enrollment follows its grants', () => {
    const enrollment = active()
    enrollment.complete(NOW)
    enrollment.revokeGrant(purchase, 'refunded', NOW)
    expect(enrollment.status).toBe('COMPLETED')
    expect(enrollment.hasAccess(NOW)).toBe(false)
  })
})

describe('extending', () => {
  const week = addMs(NOW, 7 * DAY)

  test('adds access until then, once', () => {
    const enrollment = active(gift)
    const until = addMs(NOW, 60 * DAY)
    enrollment.extend(until, week)
    enrollment.extend(until, addMs(week, 1))
    expect(enrollment.state.grants).toEqual([
      gift,
      { source: 'admin', ref: `${enrollment.id}:${until}`, validFrom: week, validUntil: until },
    ])
    expect(enrollment.hasAccess(addMs(until, -1))).toBe(true)
    expect(enrollment.hasAccess(until)).toBe(false)
    expect([enrollment.events, enrollment.seatMoves]).toEqual([[], []])
  })

  test('brings back what has expired, with a seat, and tells of it', () => {
    const expired = active(gift)
    expired.expire(addMs(NOW, 30 * DAY))
    const enrollment = stored(expired)
    const until = addMs(NOW, 60 * DAY)
    enrollment.extend(until, addMs(NOW, 31 * DAY))
    expect(enrollment.status).toBe('ACTIVE')
    expect(enrollment.seatMoves).toEqual(['hold', 'take'])
    expect(enrollment.events).toEqual([
      {
        definition: StudentEnrolled,
        data: expect.objectContaining({ source: 'admin', accessUntil: until, paymentId: undefined }),
      },
    ])
  })

  test('is refused into the past, before access began, and after it was left', () => {
    expectRefusal(ExtensionInPast, () => active().extend(NOW, NOW))
    expectRefusal(NothingToExtend, () => requested().extend(week, NOW))
    const left = active()
    left.cancel('cancelled', NOW)
    expectRefusal(EnrollmentClosed, () => stored(left).extend(week, NOW))
  })
})

describe('running out', () => {
  const end = addMs(NOW, 30 * DAY)

  test('ends it with its last grant, gives the seat back and tells of it once', () => {
    const enrollment = active(gift)
    enrollment.expire(addMs(end, -1))
    expect(enrollment.status).toBe('ACTIVE')
    enrollment.expire(addMs(end, 5))
    enrollment.expire(addMs(end, 6))
    expect(enrollment.state).toMatchObject({ status: 'EXPIRED', expiredAt: end })
    expect(enrollment.seatMoves).toEqual(['release_taken'])
    const { courseId, courseRunId, studentId } = enrollment.state
    expect(enrollment.events).toEqual([
      { definition: EnrollmentExpired, data: { enrollmentId: enrollment.id, courseId, courseRunId, studentId } },
    ])
  })

  test('leaves alone what has no end, is not open yet, or is completed', () => {
    const both = active()
    both.activate(gift)
    const completed = active(gift)
    completed.complete(NOW)
    for (const enrollment of [both, requested(), completed]) {
      const { status } = enrollment
      enrollment.expire(addMs(end, DAY))
      expect(enrollment.status).toBe(status)
    }
    expect(completed.hasAccess(end)).toBe(false)
  })
})

describe('cancelling', () => {
  test('gives the seat back and is told once', () => {
    const enrollment = active()
    enrollment.cancel('cancelled', NOW)
    enrollment.cancel('revoked', addMs(NOW, 1))
    expect(enrollment.state).toMatchObject({ status: 'CANCELLED', reason: 'cancelled', cancelledAt: NOW })
    expect(enrollment.hasAccess(NOW)).toBe(false)
    expect(enrollment.seatMoves).toEqual(['release_taken'])
    expect(enrollment.events).toHaveLength(1)
  })

  test('is not for what is completed', () => {
    const enrollment = active()
    enrollment.complete(NOW)
    expectRefusal(EnrollmentClosed, () => enrollment.cancel('cancelled', NOW))
  })

  test('after its window is refused', () => {
    assertWithinCancellationWindow(requested(), addMs(NOW, 90 * DAY))
    assertWithinCancellationWindow(active(), addMs(NOW, 14 * DAY))
    expectRefusal(CancellationWindowClosed, () => assertWithinCancellationWindow(active(), addMs(NOW, 15 * DAY)))
  })
})

describe('releasing a seat whose purchase came to nothing', () => {
  test('cancels what is pending', () => {
    const enrollment = requested()
    enrollment.release('payment_timeout', NOW)
    expect(enrollment.state).toMatchObject({ status: 'CANCELLED', reason: 'payment_timeout' })
    expect(enrollment.seatMoves).toEqual(['release_held'])
  })

  test('leaves alone what another grant has opened', () => {
    const enrollment = active(gift)
    enrollment.release('payment_timeout', NOW)
    expect(enrollment.status).toBe('ACTIVE')
  })
})

describe('the payment of an enrollment', () => {
  test('is remembered in any status, and again without effect', () => {
    const enrollment = requested()
    enrollment.cancel('cancelled', NOW)
    enrollment.attachPayment(payment)
    enrollment.attachPayment(payment)
    expect(enrollment.state.paymentId).toBe(payment)
  })

  test('never gives way to another', () => {
    expectRefusal(PaymentMismatch, () => active().attachPayment(exampleIds.next('pay')))
  })
})
