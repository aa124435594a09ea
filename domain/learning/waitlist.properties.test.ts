import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addMs, HOUR, type Instant } from '../kernel/clock.ts'
import { CourseId, CourseRunId, UserId, WaitlistEntryId } from '../kernel/ids.ts'
import { CourseRun } from './course-run.ts'
import { moveSeats, type Seats, seatsLeft } from './seats.ts'
import { SEAT_HOLD_MS, WaitlistEntry } from './waitlist.ts'

const START: Instant = '2026-03-01T10:00:00.000Z'
const RUN = CourseRunId.parse('run_01950000-0000-7000-8000-000000000001')
const idOf = (prefix: string, n: number): string => `${prefix}_01950000-0000-7000-8000-${String(n).padStart(12, '0')}`

/** A full run with so many seats, all taken. */
const fullRun = (capacity: number): CourseRun => {
  const open = CourseRun.open(
    { id: RUN, courseId: CourseId.parse(idOf('crs', 1)) },
    {
      price: { amount: 0, currency: 'EUR' },
      capacity,
      startsAt: addMs(START, 1_000 * HOUR),
      endsAt: addMs(START, 2_000 * HOUR),
      enrollmentOpensAt: addMs(START, -HOUR),
      enrollmentClosesAt: addMs(START, 900 * HOUR),
      pacing: 'instructor_paced',
    },
  )
  if (open.state.status !== 'OPEN') throw new Error('It is open.')
  return CourseRun.restore({ ...open.state, seatsTaken: capacity }, 1)
}

/** What learners, the clock and the store do, in any order. `who` is one of the entries that were ever made. */
const act = fc.oneof(
  fc.record({ kind: fc.constant('join' as const) }),
  fc.record({ kind: fc.constantFrom('enroll' as const, 'leave' as const, 'lapse' as const), who: fc.nat(9) }),
  fc.record({ kind: fc.constant('give back' as const) }),
  fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 30 }) }),
)

/** The list as somebody would keep it on paper. */
interface Paper {
  readonly waiting: number[]
  /** Until when a seat is held for whom. */
  readonly held: Map<number, Instant>
  taken: number
}

const attempt = (work: () => void): boolean => {
  try {
    work()
    return true
  } catch {
    return false
  }
}

test('seats pass on in the order in which people came, each held for a day, whatever they do', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), fc.array(act, { maxLength: 60, size: 'max' }), (capacity, acts) => {
      const run = fullRun(capacity)
      let seats: Seats & { readonly id: CourseRunId } = {
        id: RUN,
        capacity,
        seatsTaken: capacity,
        seatsHeld: 0,
        waiting: 0,
      }
      const entries: WaitlistEntry[] = []
      const paper: Paper = { waiting: [], held: new Map(), taken: capacity }
      let now = START
      const mistakes: string[] = []
      const agree = (what: string, happened: boolean, due: boolean): void => {
        if (happened !== due) mistakes.push(`${what}: ${happened}`)
      }

      /** Saves it as a store does, with whom its seat falls to. */
      const save = (n: number, entry: WaitlistEntry): void => {
        const freed = entry.seatMoves.includes('release_held')
        seats = moveSeats(seats, [...entry.seatMoves, ...(freed ? promoteFirst(n) : [])])
        entries[n] = WaitlistEntry.restore(entry.state, entry.version + 1)
      }
      const promoteFirst = (except: number) => {
        const n = entries.findIndex((entry, at) => at !== except && entry.status === 'WAITING')
        const entry = entries[n]
        if (!entry) return []
        entry.promote(now)
        entries[n] = WaitlistEntry.restore(entry.state, entry.version + 1)
        return entry.seatMoves
      }
      const passOnPaper = (): void => {
        const next = paper.waiting.shift()
        if (next !== undefined) paper.held.set(next, addMs(now, SEAT_HOLD_MS))
      }

      for (const step of acts) {
        if (step.kind === 'wait') {
          now = addMs(now, step.hours * HOUR)
        } else if (step.kind === 'join') {
          const n = entries.length
          const isFull = paper.taken + paper.held.size === capacity
          const current = CourseRun.restore({ ...run.state, status: 'OPEN', ...seats }, 1)
          const joined = attempt(() => {
            const id = WaitlistEntryId.parse(idOf('wte', n + 1))
            save(n, WaitlistEntry.join(id, current, UserId.parse(idOf('usr', n + 1)), now))
          })
          agree('to join', joined, isFull)
          if (joined) paper.waiting.push(n)
        } else if (step.kind === 'give back') {
          if (paper.taken === 0) continue
          seats = moveSeats(seats, ['release_taken', ...promoteFirst(-1)])
          paper.taken -= 1
          passOnPaper()
        } else {
          const entry = entries[step.who]
          if (!entry) continue
          const holdUntil = paper.held.get(step.who)
          const holds = holdUntil !== undefined && now < holdUntil
          const at = paper.waiting.indexOf(step.who)
          const fresh = WaitlistEntry.restore(entry.state, entry.version)
          if (step.kind === 'enroll') {
            const enrolled = attempt(() => fresh.enroll(now))
            agree('to enroll', enrolled, holds)
            if (!enrolled) continue
            // The enrollment takes over the seat that was held.
            seats = moveSeats(seats, ['take'])
            entries[step.who] = WaitlistEntry.restore(fresh.state, fresh.version + 1)
            paper.held.delete(step.who)
            paper.taken += 1
          } else if (step.kind === 'leave') {
            const left = attempt(() => fresh.leave())
            agree('to leave', left, at >= 0 || holdUntil !== undefined)
            if (!left) continue
            save(step.who, fresh)
            if (at >= 0) paper.waiting.splice(at, 1)
            if (paper.held.delete(step.who)) passOnPaper()
          } else {
            fresh.lapse(now)
            save(step.who, fresh)
            if (holdUntil !== undefined && !holds) {
              paper.held.delete(step.who)
              passOnPaper()
            }
          }
        }
        expect(entries.flatMap(({ status }, n) => (status === 'WAITING' ? [n] : []))).toEqual(paper.waiting)
        expect(entries.flatMap(({ status }, n) => (status === 'PROMOTED' ? [n] : []))).toEqual(
          [...paper.held.keys()].toSorted((a, b) => a - b),
        )
        expect(seats).toMatchObject({
          seatsTaken: paper.taken,
          seatsHeld: paper.held.size,
          waiting: paper.waiting.length,
        })
        expect(seatsLeft(seats) === 0 || paper.waiting.length === 0).toBe(true)
        expect(mistakes).toEqual([])
      }
    }),
    { numRuns: 500 },
  )
})
