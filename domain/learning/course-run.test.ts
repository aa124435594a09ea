import { describe, expect, test } from 'vitest'
import { addMs, DAY } from '../kernel/clock.ts'
import { CourseRun } from './course-run.ts'
import { RunCapacityBelowTaken, RunDatesInvalid, RunFull, RunNotOpen } from './errors.ts'
import { CourseRunOpened, CourseRunUpdated } from './events.ts'
import { exampleRun, NOW } from './examples.ts'

const withSeats = (seatsTaken: number, seatsHeld: number): CourseRun =>
  CourseRun.restore({ ...exampleRun({ capacity: 3 }).state, seatsTaken, seatsHeld }, 1)

const codeOf = (act: () => void): string => {
  try {
    act()
  } catch (error) {
    for (const known of [RunCapacityBelowTaken, RunDatesInvalid, RunFull, RunNotOpen])
      if (known.is(error)) return known.code
    throw error
  }
  return 'none'
}

describe('opening a run', () => {
  test('tells its dates, its seats and its price', () => {
    const run = exampleRun()
    const { startsAt, endsAt, capacity, price, courseId } = run.state
    expect(run.events).toEqual([
      { definition: CourseRunOpened, data: { courseRunId: run.id, courseId, startsAt, endsAt, capacity, price } },
    ])
  })

  test.each([
    ['it ends before it starts', { endsAt: NOW, enrollmentClosesAt: NOW }],
    ['enrollment closes before it opens', { enrollmentClosesAt: addMs(NOW, -2 * DAY) }],
    ['enrollment outlasts it', { enrollmentClosesAt: addMs(NOW, 90 * DAY) }],
  ])('is refused where %s', (_why, terms) => {
    expect(codeOf(() => exampleRun(terms))).toBe('RUN_DATES_INVALID')
  })
})

describe('a seat', () => {
  test('is free in the enrollment window only', () => {
    const run = exampleRun()
    expect(codeOf(() => run.assertSeatFree(NOW))).toBe('none')
    expect(codeOf(() => run.assertSeatFree(addMs(NOW, -2 * DAY)))).toBe('RUN_NOT_OPEN')
    expect(codeOf(() => run.assertSeatFree(run.state.enrollmentClosesAt))).toBe('RUN_NOT_OPEN')
  })

  test('is not free where all are taken or held', () => {
    expect(codeOf(() => withSeats(1, 1).assertSeatFree(NOW))).toBe('none')
    expect(codeOf(() => withSeats(1, 2).assertSeatFree(NOW))).toBe('RUN_FULL')
  })
})

describe('updating a run', () => {
  test('names what changed', () => {
    const run = withSeats(0, 0)
    run.update({ price: { amount: 100, currency: 'EUR' }, capacity: 3 })
    const { courseId } = run.state
    expect(run.events).toEqual([
      { definition: CourseRunUpdated, data: { courseRunId: run.id, courseId, version: 2, changed: ['price'] } },
    ])
  })

  test('tells nothing when nothing changes', () => {
    const run = withSeats(0, 0)
    run.update({ price: { ...run.state.price } })
    expect(run.events).toEqual([])
  })

  test('never takes seats away that are in use', () => {
    expect(codeOf(() => withSeats(1, 1).update({ capacity: 2 }))).toBe('none')
    expect(codeOf(() => withSeats(1, 1).update({ capacity: 1 }))).toBe('RUN_CAPACITY_BELOW_TAKEN')
  })

  test('holds the dates together', () => {
    expect(codeOf(() => withSeats(0, 0).update({ endsAt: NOW }))).toBe('RUN_DATES_INVALID')
  })
})

describe('closing a run', () => {
  test('ends enrollment once and for all', () => {
    const run = withSeats(1, 0)
    run.close(NOW)
    run.close(addMs(NOW, DAY))
    expect(run.events.map(({ data }) => data)).toEqual([expect.objectContaining({ changed: ['status'] })])
    expect(codeOf(() => run.assertSeatFree(NOW))).toBe('RUN_NOT_OPEN')
    expect(codeOf(() => run.update({ capacity: 9 }))).toBe('RUN_NOT_OPEN')
  })
})
