import { addMs, DAY, MINUTE } from '#domain/kernel/clock.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import { CourseRun } from '#domain/learning/course-run.ts'
import type { Random } from '../engine/random.ts'

/** Few seats, so that learners meet. */
export const drawRuns = (random: Random, ids: Ids, now: string): CourseRun[] =>
  Array.from({ length: random.between(1, 2) }, () =>
    CourseRun.open(
      { id: ids.next('run'), courseId: ids.next('crs') },
      {
        price: { amount: random.pick([0, 1_000, 4_900, 4_900]), currency: random.pick(['EUR', 'JPY'] as const) },
        capacity: random.between(1, 2),
        startsAt: addMs(now, 7 * DAY),
        endsAt: addMs(now, 60 * DAY),
        enrollmentOpensAt: addMs(now, -MINUTE),
        enrollmentClosesAt: addMs(now, 40 * DAY),
        pacing: 'instructor_paced',
      },
    ),
  )
