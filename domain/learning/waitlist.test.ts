import { describe, expect, test } from 'vitest'
import { addMs } from '../kernel/clock.ts'
import { CourseRun } from './course-run.ts'
import { Enrollment } from './enrollment.ts'
import { NotOnWaitlist, RunFull, RunNotFull, RunNotOpen } from './errors.ts'
import { WaitlistPromoted } from './events.ts'
import { exampleIds, exampleLearner, exampleRun, NOW } from './examples.ts'
import { SEAT_HOLD_MS, WaitlistEntry } from './waitlist.ts'

const full = CourseRun.restore({ ...exampleRun().state, seatsTaken: 2 }, 1)
const END = addMs(NOW, SEAT_HOLD_MS)
const BEFORE = addMs(END, -1)

const stored = (entry: WaitlistEntry): WaitlistEntry => WaitlistEntry.restore(entry.state, entry.version + 1)
const waiting = (run = full): WaitlistEntry =>
  stored(WaitlistEntry.join(exampleIds.next('wte'), run, exampleLearner, NOW))
const promoted = (): WaitlistEntry => {
  const entry = waiting()
  entry.promote(NOW)
  return stored(entry)
}

describe('joining', () => {
  test('counts who waits', () => {
    const entry = WaitlistEntry.join(exampleIds.next('wte'), full, exampleLearner, NOW)
    expect([entry.status, entry.seatMoves]).toEqual(['WAITING', ['join']])
  })

  test('needs an open run that is full', () => {
    const free = exampleRun()
    expect(() => waiting(free)).toThrow(RunNotFull(free.id))
    const over = exampleRun({ enrollmentClosesAt: NOW })
    expect(() => waiting(over)).toThrow(RunNotOpen(over.id))
  })
})

describe('a promotion', () => {
  test('holds a seat for 24 hours and tells of it', () => {
    const entry = waiting()
    entry.promote(NOW)
    expect(entry.seatMoves).toEqual(['promote'])
    expect(entry.events).toEqual([
      {
        definition: WaitlistPromoted,
        data: { courseRunId: full.id, studentId: exampleLearner, holdUntil: '2026-03-02T12:00:00.000Z' },
      },
    ])
    expect([entry.holdsSeat(BEFORE), entry.holdsSeat(END)]).toEqual([true, false])
  })

  test('is for those who wait', () => {
    expect(() => promoted().promote(NOW)).toThrow(NotOnWaitlist(full.id))
  })
})

describe('the held seat', () => {
  const enroll = (entry: WaitlistEntry, at = NOW, run = full) =>
    Enrollment.request(exampleIds.next('enr'), run, exampleLearner, at, entry)

  test('is taken over by the enrollment of its learner, in a run that is full', () => {
    const entry = promoted()
    const enrollment = enroll(entry, BEFORE)
    expect([entry.status, entry.seatMoves, enrollment.seatMoves]).toEqual(['ENROLLED', ['release_held'], ['hold']])
  })

  test('is none once its time is over', () => {
    const entry = promoted()
    expect(() => enroll(entry, END)).toThrow(RunFull(full.id))
    expect(() => entry.enroll(END)).toThrow(NotOnWaitlist(full.id))
  })

  test('does not open a run that is closed', () => {
    const over = CourseRun.restore({ ...full.state, enrollmentClosesAt: NOW }, 1)
    expect(() => enroll(promoted(), NOW, over)).toThrow(RunNotOpen(over.id))
  })

  test('is not there for those who still wait', () => {
    expect(() => enroll(waiting())).toThrow(RunFull(full.id))
  })

  test('lapses when its time is over, once, and not before', () => {
    const entry = promoted()
    entry.lapse(BEFORE)
    expect([entry.status, entry.seatMoves]).toEqual(['PROMOTED', []])
    entry.lapse(END)
    entry.lapse(END)
    expect([entry.status, entry.seatMoves]).toEqual(['LAPSED', ['release_held']])
  })

  test('can be withdrawn at any time; one that was handed over stays so', () => {
    const early = promoted()
    early.withdraw()
    expect(early.status).toBe('LAPSED')
    const enrolled = promoted()
    enroll(enrolled)
    enrolled.withdraw()
    enrolled.lapse(END)
    expect(enrolled.status).toBe('ENROLLED')
  })
})

test('who leaves gives up the place or the held seat, and cannot leave again', () => {
  const first = waiting()
  first.leave()
  expect(first.seatMoves).toEqual(['leave'])
  const second = promoted()
  second.leave()
  expect(second.seatMoves).toEqual(['release_held'])
  expect(() => second.leave()).toThrow(NotOnWaitlist(full.id))
})

test('a higher capacity promotes as many as wait, and no more than there are seats', () => {
  const withWaiting = (capacity: number, queued: number) =>
    CourseRun.restore({ ...full.state, capacity, waiting: queued }, 1).promotable
  expect([withWaiting(2, 3), withWaiting(4, 3), withWaiting(9, 3)]).toEqual([0, 2, 3])
})
