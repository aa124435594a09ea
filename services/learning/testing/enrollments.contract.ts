import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CourseRunId } from '#domain/kernel/ids.ts'
import type { CourseRun } from '#domain/learning/course-run.ts'
import { Enrollment } from '#domain/learning/enrollment.ts'
import { NOW } from '#domain/learning/examples.ts'
import type { RunTerms } from '#domain/learning/run-terms.ts'
import type { Store } from '#bus/unit-of-work/store.ts'
import { FlushConflict } from '#bus/unit-of-work/unit-of-work.ts'
import { systemIds } from '#services/kit/ids.ts'
import type { AccessQueries, EnrollmentRepository } from '../enrollment-ports.ts'

/** One technology's enrollments, with public runs to enroll in. */
export interface EnrollmentsFixture {
  readonly store: Store
  readonly enrollments: EnrollmentRepository
  readonly access: AccessQueries
  openRun(terms: Partial<RunTerms>): Promise<CourseRun>
  seats(courseRunId: CourseRunId): Promise<{ readonly taken: number; readonly held: number }>
  stop(): Promise<void>
}

/** What every store of enrollments keeps. */
export const enrollmentsContract = (name: string, start: () => Promise<EnrollmentsFixture>): void => {
  describe(`enrollments in ${name}`, () => {
    let fixture: EnrollmentsFixture
    beforeAll(async () => {
      fixture = await start()
    })
    afterAll(() => fixture.stop())

    const save = async (...changed: Enrollment[]): Promise<void> => {
      const tx = fixture.store.begin(NOW, { correlationId: 'cor' })
      for (const enrollment of changed) fixture.enrollments.save(tx, enrollment)
      await fixture.store.flush(tx)
    }
    const load = async (enrollment: Enrollment): Promise<Enrollment> => {
      const found = await fixture.enrollments.load(enrollment.id)
      if (!found) throw new Error(`${enrollment.id} was not stored.`)
      return found
    }
    const request = (run: CourseRun, studentId = systemIds.next('usr')) =>
      Enrollment.request(systemIds.next('enr'), run, studentId, NOW)
    const saved = async (terms: Partial<RunTerms> = {}) => {
      const run = await fixture.openRun(terms)
      const enrollment = request(run)
      await save(enrollment)
      return { run, enrollment: await load(enrollment) }
    }
    const purchase = () => ({ source: 'purchase', ref: systemIds.next('pay'), validFrom: NOW }) as const

    test('come back as they were, with their grants, whatever their status', async () => {
      const { run, enrollment } = await saved()
      expect([enrollment.status, enrollment.version]).toEqual(['PENDING', 1])
      const grant = purchase()
      enrollment.attachPayment(grant.ref)
      enrollment.activate(grant)
      await save(enrollment)
      const active = await load(enrollment)
      expect([active.state, active.version]).toEqual([enrollment.state, 2])
      active.revokeGrant(grant, 'refunded', NOW)
      await save(active)
      expect((await load(active)).state).toEqual(active.state)
      const left = request(run)
      await save(left)
      const leaving = await load(left)
      leaving.cancel('cancelled', NOW)
      await save(leaving)
      expect((await load(left)).state).toEqual(leaving.state)
    })

    test('move the seats of their run', async () => {
      const { run, enrollment } = await saved()
      expect(await fixture.seats(run.id)).toEqual({ taken: 0, held: 1 })
      const grant = purchase()
      enrollment.activate(grant)
      await save(enrollment)
      expect(await fixture.seats(run.id)).toEqual({ taken: 1, held: 0 })
      const active = await load(enrollment)
      active.revokeGrant(grant, 'refunded', NOW)
      await save(active)
      expect(await fixture.seats(run.id)).toEqual({ taken: 0, held: 0 })
    })

    test('are known to the admission, with the seats as they stand', async () => {
      const { run, enrollment } = await saved({ capacity: 3 })
      const theirs = await fixture.enrollments.admission(run.id, enrollment.state.studentId)
      expect([theirs?.live, theirs?.run.seatsLeft]).toEqual([enrollment.id, 2])
      expect((await fixture.enrollments.admission(run.id, systemIds.next('usr')))?.live).toBeUndefined()
      expect(await fixture.enrollments.admission(systemIds.next('run'), systemIds.next('usr'))).toBeUndefined()
    })

    test('conflict when they were changed since, and then nothing is written', async () => {
      const { run, enrollment } = await saved()
      const stale = await load(enrollment)
      enrollment.activate(purchase())
      await save(enrollment)
      stale.cancel('cancelled', NOW)
      await expect(save(stale)).rejects.toThrow(FlushConflict)
      expect(await fixture.seats(run.id)).toEqual({ taken: 1, held: 0 })
    })

    test('conflict over the last seat', async () => {
      const { run } = await saved({ capacity: 1 })
      await expect(save(request(run))).rejects.toThrow(FlushConflict)
      expect(await fixture.seats(run.id)).toEqual({ taken: 0, held: 1 })
    })

    test('conflict where the learner has a live one in the run, also when an ended one comes back', async () => {
      const { run, enrollment } = await saved({ capacity: 5 })
      const { studentId } = enrollment.state
      await expect(save(request(run, studentId))).rejects.toThrow(FlushConflict)
      enrollment.revokeGrant(purchase(), 'refunded', NOW)
      await save(enrollment)
      await save(request(run, studentId))
      const expired = await load(enrollment)
      expired.activate({ source: 'admin', ref: systemIds.next('grant'), validFrom: NOW })
      await expect(save(expired)).rejects.toThrow(FlushConflict)
    })

    test('give access while they have grants', async () => {
      const { enrollment } = await saved()
      const { courseId, studentId } = enrollment.state
      expect(await fixture.access.places(courseId, studentId)).toEqual([])
      const grant = { ...purchase(), validUntil: '2027-01-01T00:00:00.000Z' }
      enrollment.activate(grant)
      await save(enrollment)
      expect(await fixture.access.places(courseId, studentId)).toEqual([
        { enrollmentId: enrollment.id, grants: [grant] },
      ])
    })
  })
}
