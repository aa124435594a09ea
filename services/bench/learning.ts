import { addMs, DAY, systemClock } from '#domain/kernel/clock.ts'
import type { CourseId, CourseRunId } from '#domain/kernel/ids.ts'
import { Course } from '#domain/learning/course.ts'
import { CourseRun } from '#domain/learning/course-run.ts'
import { Curriculum } from '#domain/learning/curriculum.ts'
import { exampleDetails, exampleOutline, exampleTerms } from '#domain/learning/examples.ts'
import type { Role, UserActor } from '#bus/cqrs/actor.ts'
import { openDatabase } from '#bus/postgres/database.ts'
import { createMemoryTransport } from '#bus/transports/memory/memory.ts'
import { runInUnitOfWork } from '#bus/unit-of-work/run.ts'
import { scopesOf } from '#services/kit/auth/scopes.ts'
import { createPostgresStores } from '#services/kit/hosts/stores.ts'
import { createCursors } from '#services/kit/http/cursor.ts'
import { systemIds } from '#services/kit/ids.ts'
import { bindValue } from '#services/kit/module.ts'
import { Cursors, Database, Redis } from '#services/kit/ports.ts'
import { serviceUrl } from '#services/kit/postgres/migrate.ts'
import { createEngine } from '#services/kit/redis/engine.ts'
import { createRuntime } from '#services/kit/runtime.ts'
import { CourseRuns, Courses, Curricula } from '#services/learning/ports.ts'
import { learning } from '#services/learning/service.ts'

const [clock, ids] = [systemClock, systemIds]
const nothing = () => undefined

export const personWith = (...roles: Role[]): UserActor => ({
  kind: 'user',
  userId: ids.next('usr'),
  sessionId: ids.next('ses'),
  roles,
  scopes: scopesOf(roles),
  emailVerified: true,
})

export interface BenchCourse {
  readonly courseId: CourseId
  readonly courseRunId: CourseRunId
}

/** The learning service without its loops: nothing works beside what a bench asks for. */
export const startLearning = (ownerUrl: string, connections: number) => {
  const url = serviceUrl(ownerUrl, learning.tables.schema)
  const database = openDatabase({ url, name: 'bench', connections, queueWaitMs: 10_000 })
  const stores = createPostgresStores({ service: 'learning', url, database, tables: learning.tables, clock, ids })
  const runtime = createRuntime(
    learning,
    [
      bindValue(Database, database),
      bindValue(Redis, createEngine({ now: () => Date.now() })),
      bindValue(Cursors, createCursors('bench'.repeat(7))),
      ...learning.module({ importOwnerId: undefined }),
    ],
    stores,
    {
      clock,
      ids,
      random: () => 0.5,
      transport: createMemoryTransport(),
      lane: () => Promise.reject(new Error('Learning asks nobody in this bench.')),
      observe: { handled: nothing, duplicate: nothing, failed: nothing, expired: nothing },
    },
  )

  /** A public course with a run that nearly everybody finds a seat in. */
  const openCourse = async (tutorId = ids.next('usr')): Promise<BenchCourse> => {
    const now = clock.now()
    const courseId = ids.next('crs')
    const course = Course.create({ id: courseId, tutorId, slug: `course-${courseId.slice(-12)}` }, exampleDetails, now)
    const curriculum = Curriculum.empty(courseId)
    const window = { enrollmentOpensAt: addMs(now, -DAY), enrollmentClosesAt: addMs(now, DAY) }
    const dates = { startsAt: addMs(now, 2 * DAY), endsAt: addMs(now, 30 * DAY) }
    const run = CourseRun.open(
      { id: ids.next('run'), courseId },
      exampleTerms({ capacity: 100_000, ...window, ...dates }),
    )
    curriculum.put(exampleOutline, ids)
    course.publish(curriculum, [run], now)
    curriculum.publish()
    await runInUnitOfWork(stores.store, clock, { correlationId: 'cor_bench' }, async (tx) => {
      runtime.resolve(Courses).save(tx, course)
      runtime.resolve(Curricula).save(tx, curriculum)
      runtime.resolve(CourseRuns).save(tx, run)
    })
    return { courseId, courseRunId: run.id }
  }

  return { database, runtime, openCourse }
}
