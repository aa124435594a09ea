import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addMs, DAY, HOUR, type Instant } from '#domain/kernel/clock.ts'
import type { CourseRunId, EnrollmentId, UserId, WaitlistEntryId } from '#domain/kernel/ids.ts'
import { NOW } from '#domain/learning/examples.ts'
import { seatsFreed } from '#domain/learning/seats.ts'
import { SEAT_HOLD_MS, WaitlistEntry } from '#domain/learning/waitlist.ts'
import type { UserActor } from '#bus/cqrs/actor.ts'
import type { Sagas } from '#bus/sagas/sagas.ts'
import { runInUnitOfWork } from '#bus/unit-of-work/run.ts'
import { FlushConflict, type UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import { systemIds } from '#services/kit/ids.ts'
import { joinWaitlist } from '../commands/join-waitlist.ts'
import { leaveWaitlist } from '../commands/leave-waitlist.ts'
import { requestEnrollment } from '../commands/request-enrollment.ts'
import type { WaitlistRepository } from '../enrollment-ports.ts'
import type { CourseRunRepository } from '../ports.ts'
import { promoteWaiting, saveAndPassOn } from '../promote-waiting.ts'
import { outcomeOf, personWith } from './enrolling.ts'
import type { EnrollmentsFixture } from './enrollments.contract.ts'

export interface WaitlistFixture extends EnrollmentsFixture {
  readonly waitlist: WaitlistRepository
  /** Absent where runs do not change. */
  readonly runs: CourseRunRepository | undefined
}

const TERMS = { capacity: 2, enrollmentClosesAt: addMs(NOW, 50 * DAY) } as const
const LEARNERS = 5
const learnerAt = fc.nat({ max: LEARNERS - 1 })

type Step =
  | { readonly kind: 'enroll' | 'cancel' | 'join' | 'leave'; readonly who: number }
  | { readonly kind: 'wait'; readonly hours: number }
  | { readonly kind: 'capacity'; readonly by: number }

const step = (kind: 'enroll' | 'cancel' | 'join' | 'leave') => learnerAt.map((who): Step => ({ kind, who }))
const histories = fc.array(
  fc.oneof(
    step('enroll'),
    step('cancel'),
    step('join'),
    step('leave'),
    fc.integer({ min: 1, max: 25 }).map((hours): Step => ({ kind: 'wait', hours })),
    fc.constantFrom(-1, 1, 2).map((by): Step => ({ kind: 'capacity', by })),
  ),
  { maxLength: 30 },
)

/** The waitlist as one would keep it on paper. */
class Model {
  now: Instant = NOW
  capacity: number = TERMS.capacity
  readonly enrolled = new Set<number>()
  readonly held = new Map<number, Instant>()
  readonly queue: number[] = []

  get free(): number {
    return this.capacity - this.enrolled.size - this.held.size
  }

  private passOn(): void {
    for (let next = this.queue[0]; next !== undefined && this.free > 0; next = this.queue[0]) {
      this.queue.shift()
      this.held.set(next, addMs(this.now, SEAT_HOLD_MS))
    }
  }

  enroll(who: number): string {
    if (this.enrolled.has(who)) return 'ALREADY_ENROLLED'
    const until = this.held.get(who)
    if (until !== undefined && this.now < until) this.held.delete(who)
    else if (this.free === 0) return 'RUN_FULL'
    this.enrolled.add(who)
    return 'done'
  }

  cancel(who: number): string {
    this.enrolled.delete(who)
    this.passOn()
    return 'done'
  }

  join(who: number): string {
    if (this.enrolled.has(who)) return 'ALREADY_ENROLLED'
    if (this.held.has(who) || this.queue.includes(who)) return 'ALREADY_WAITING'
    if (this.free > 0) return 'RUN_NOT_FULL'
    this.queue.push(who)
    return 'done'
  }

  leave(who: number): string {
    const at = this.queue.indexOf(who)
    if (at >= 0) this.queue.splice(at, 1)
    else if (!this.held.delete(who)) return 'NOT_ON_WAITLIST'
    this.passOn()
    return 'done'
  }

  wait(hours: number): string {
    this.now = addMs(this.now, hours * HOUR)
    for (const [who, until] of this.held) if (until <= this.now) this.held.delete(who)
    this.passOn()
    return 'done'
  }

  change(by: number): string {
    const capacity = this.capacity + by
    if (capacity < this.enrolled.size + this.held.size) return 'RUN_CAPACITY_BELOW_TAKEN'
    this.capacity = capacity
    this.passOn()
    return 'done'
  }
}

/** One run with its learners, and what they do there, by the service's own handlers. */
class Scene {
  now: Instant = NOW
  readonly #fixture: WaitlistFixture
  readonly #runId: CourseRunId
  readonly #people: readonly UserActor[]
  readonly #enrollments = new Map<number, EnrollmentId>()
  /** The holds that were begun; the saga of each is the service's, and not looked at here. */
  readonly #holds: WaitlistEntryId[] = []

  constructor(fixture: WaitlistFixture, runId: CourseRunId) {
    this.#fixture = fixture
    this.#runId = runId
    this.#people = Array.from({ length: LEARNERS }, () => personWith('learner'))
  }

  private readonly sagas: Sagas = {
    start: (_tx, { name }, key) => {
      if (name === 'SeatHold' && key.startsWith('wte_')) this.#holds.push(`wte_${key.slice(4)}`)
    },
    cancel: async () => {},
    retry: async () => {},
  }

  private get deps() {
    const { enrollments, waitlist } = this.#fixture
    return { enrollments, waitlist, sagas: this.sagas }
  }

  private actorOf(who: number): UserActor {
    const actor = this.#people[who]
    if (!actor) throw new RangeError(`There is no learner ${who}.`)
    return actor
  }

  private commit<T>(work: (tx: UnitOfWork) => Promise<T>): Promise<T> {
    return runInUnitOfWork(this.#fixture.store, { now: () => this.now }, { correlationId: 'cor' }, work)
  }

  private context(who: number, tx: UnitOfWork) {
    return { input: { courseRunId: this.#runId }, actor: this.actorOf(who), now: this.now, tx, ids: systemIds }
  }

  readonly enroll = (who: number) =>
    outcomeOf(
      this.commit(async (tx) => {
        const { enrollmentId } = await requestEnrollment.run(this.context(who, tx), this.deps)
        this.#enrollments.set(who, enrollmentId)
      }),
    )

  readonly join = (who: number) => outcomeOf(this.commit((tx) => joinWaitlist.run(this.context(who, tx), this.deps)))

  readonly leave = (who: number) => outcomeOf(this.commit((tx) => leaveWaitlist.run(this.context(who, tx), this.deps)))

  readonly cancel = (who: number) =>
    outcomeOf(
      this.commit(async (tx) => {
        const id = this.#enrollments.get(who)
        const enrollment = id && (await this.#fixture.enrollments.load(id))
        if (!enrollment) return
        enrollment.release('cancelled', this.now)
        await saveAndPassOn(tx, this.deps, enrollment)
      }),
    )

  /** Time passes, and every timer fires, some of them again. */
  async wait(hours: number): Promise<string> {
    this.now = addMs(this.now, hours * HOUR)
    const { waitlist } = this.#fixture
    for (const id of [...this.#holds, ...this.#holds.toReversed()])
      await this.commit(async (tx) => {
        const entry = await waitlist.load(id)
        entry?.lapse(this.now)
        const freed = entry ? seatsFreed(entry.seatMoves) : 0
        if (entry && freed > 0) waitlist.save(tx, [entry, ...(await promoteWaiting(tx, this.deps, this.#runId, freed))])
      })
    return 'done'
  }

  change(runs: CourseRunRepository, by: number): Promise<string> {
    return outcomeOf(
      this.commit(async (tx) => {
        const run = await runs.load(this.#runId)
        if (!run) throw new Error(`${this.#runId} was not stored.`)
        run.update({ capacity: run.state.capacity + by })
        runs.save(tx, run, await promoteWaiting(tx, this.deps, this.#runId, run.promotable))
      }),
    )
  }

  /** Who sits, who is kept a seat and until when, and who waits, in order. */
  async seen() {
    const { waitlist, seats } = this.#fixture
    const whoIs = (studentId: UserId): number => this.#people.findIndex(({ userId }) => userId === studentId)
    const live = await Promise.all(
      this.#people.map(async ({ userId }, who) => ({ who, entry: await waitlist.live(this.#runId, userId) })),
    )
    const held = live.flatMap(({ who, entry }) =>
      entry?.state.status === 'PROMOTED' ? [[who, entry.state.holdUntil] as const] : [],
    )
    const queue = (await waitlist.first(this.#runId, LEARNERS)).map(({ state }) => whoIs(state.studentId))
    return { seats: await seats(this.#runId), held, queue }
  }
}

/** What every store of waitlists keeps. */
export const waitlistContract = (name: string, start: () => Promise<WaitlistFixture>): void => {
  describe(`the waitlist in ${name}`, () => {
    let fixture: WaitlistFixture
    beforeAll(async () => {
      fixture = await start()
    })
    afterAll(() => fixture.stop())

    const sceneOf = async () => new Scene(fixture, (await fixture.openRun(TERMS)).id)

    const take = async (scene: Scene, model: Model, step: Step): Promise<readonly [string, string]> => {
      if (step.kind === 'wait') return [await scene.wait(step.hours), model.wait(step.hours)]
      if (step.kind !== 'capacity') return [await scene[step.kind](step.who), model[step.kind](step.who)]
      if (!fixture.runs || model.capacity + step.by < 1) return ['done', 'done']
      return [await scene.change(fixture.runs, step.by), model.change(step.by)]
    }

    test('does what one on paper does, whatever its learners do', { timeout: 60_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(histories, async (steps) => {
          const scene = await sceneOf()
          const model = new Model()
          for (const step of steps) {
            const [seen, expected] = await take(scene, model, step)
            expect(seen).toBe(expected)
            expect(await scene.seen()).toEqual({
              seats: { taken: 0, held: model.enrolled.size + model.held.size },
              held: [...model.held].toSorted(([a], [b]) => a - b),
              queue: model.queue,
            })
          }
        }),
        { numRuns: 25 },
      )
    })

    test('conflicts when its first changed since, and then the seat stays where it was', async () => {
      const { id } = await fixture.openRun({ capacity: 1 })
      const scene = new Scene(fixture, id)
      expect([await scene.enroll(0), await scene.join(1)]).toEqual(['done', 'done'])
      const [stale] = await fixture.waitlist.first(id, 1)
      if (!stale) throw new Error('Nobody waits.')
      expect([await scene.leave(1), await scene.join(2)]).toEqual(['done', 'done'])
      const tx = fixture.store.begin(NOW, { correlationId: 'cor' })
      stale.promote(NOW)
      fixture.waitlist.save(tx, [stale])
      await expect(fixture.store.flush(tx)).rejects.toThrow(FlushConflict)
      expect(await scene.seen()).toEqual({ seats: { taken: 0, held: 1 }, held: [], queue: [2] })
    })

    test('takes nobody twice, and nobody while a seat is free', async () => {
      const run = await fixture.openRun({ capacity: 1 })
      const scene = new Scene(fixture, run.id)
      const entry = () =>
        WaitlistEntry.restore(
          {
            id: systemIds.next('wte'),
            courseRunId: run.id,
            studentId: learner.userId,
            joinedAt: NOW,
            status: 'WAITING',
          },
          0,
        )
      const learner = personWith('learner')
      const save = async () => {
        const tx = fixture.store.begin(NOW, { correlationId: 'cor' })
        fixture.waitlist.save(tx, [entry()])
        await fixture.store.flush(tx)
      }
      await expect(save()).rejects.toThrow(FlushConflict)
      await scene.enroll(0)
      await save()
      await expect(save()).rejects.toThrow(FlushConflict)
      expect(await fixture.waitlist.first(run.id, 5)).toHaveLength(1)
    })
  })
}
