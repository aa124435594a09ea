import { z } from 'zod'
import { CourseRunId } from '#domain/kernel/ids.ts'
import { ChargeableMoney } from '#domain/kernel/money.ts'
import {
  NotCourseOwner,
  RunCapacityBelowTaken,
  RunDatesInvalid,
  RunNotFound,
  RunNotOpen,
} from '#domain/learning/errors.ts'
import { RunTermsChanges } from '#domain/learning/run-terms.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { VersionMismatch } from '#bus/cqrs/errors.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { assertVersion, editableRun } from '../authorship.ts'
import { CourseRuns, Courses } from '../ports.ts'
import { promoteWaiting, promotion } from '../promote-waiting.ts'
import { CourseRunResource, courseRunResource } from '../resources.ts'

export const UpdateCourseRun = command('learning.update_course_run', {
  input: RunTermsChanges.extend({
    price: ChargeableMoney.optional(),
    courseRunId: CourseRunId,
    expectedVersion: z.int(),
  }),
  output: CourseRunResource,
  errors: [RunNotFound, NotCourseOwner, RunNotOpen, RunDatesInvalid, RunCapacityBelowTaken, VersionMismatch],
  scope: 'courses:write',
})

export const updateCourseRun = handler(
  UpdateCourseRun,
  { courses: Courses, runs: CourseRuns, ...promotion },
  async ({ input: { courseRunId, expectedVersion, ...changes }, actor, tx }, stores) => {
    const run = await editableRun(stores, courseRunId, actor)
    assertVersion(run, expectedVersion)
    run.update(changes)
    stores.runs.save(tx, run, await promoteWaiting(tx, stores, courseRunId, run.promotable))
    return courseRunResource(run)
  },
)

export const updateCourseRunRoute = route(UpdateCourseRun, {
  method: 'patch',
  path: '/v1/course-runs/{courseRunId}',
  tag: 'Course runs',
  summary: 'Change price, dates or seats of a run',
  description:
    'A price counts for later purchases only. The capacity cannot go below the seats taken and held; seats that it adds are held for those on the waitlist first.',
  examples: {
    input: {
      price: { amount: 3900, currency: 'EUR' },
      capacity: 40,
      startsAt: '2026-01-01T00:00:00.000Z',
      endsAt: '2036-01-01T00:00:00.000Z',
      enrollmentOpensAt: '2026-01-01T00:00:00.000Z',
      enrollmentClosesAt: '2035-12-01T00:00:00.000Z',
    },
  },
})
