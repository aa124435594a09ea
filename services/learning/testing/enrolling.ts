import { z } from 'zod'
import type { EventDefinition } from '#domain/kernel/event.ts'
import type { CourseRunId } from '#domain/kernel/ids.ts'
import type { MessageDefinition } from '#domain/kernel/message.ts'
import { Course } from '#domain/learning/course.ts'
import { CourseRun } from '#domain/learning/course-run.ts'
import { Curriculum } from '#domain/learning/curriculum.ts'
import { exampleDetails, exampleOutline, exampleTerms, NOW } from '#domain/learning/examples.ts'
import type { RunTerms } from '#domain/learning/run-terms.ts'
import type { Role, UserActor } from '#bus/cqrs/actor.ts'
import type { Command, Query } from '#bus/cqrs/definitions.ts'
import { encodeEnvelope, type ReplyData } from '#bus/envelope.ts'
import { openDatabase } from '#bus/postgres/database.ts'
import { createManualClock } from '#bus/testing/clock.ts'
import { createMemoryTransport } from '#bus/transports/memory/memory.ts'
import { runInUnitOfWork } from '#bus/unit-of-work/run.ts'
import { scopesOf } from '#services/kit/auth/scopes.ts'
import { createPostgresStores } from '#services/kit/hosts/stores.ts'
import { createCursors } from '#services/kit/http/cursor.ts'
import { systemIds } from '#services/kit/ids.ts'
import { bindValue } from '#services/kit/module.ts'
import { Cursors, Database, Redis } from '#services/kit/ports.ts'
import { migrateServices } from '#services/kit/postgres/migrate.ts'
import { createEngine } from '#services/kit/redis/engine.ts'
import { createRuntime, type Runtime } from '#services/kit/runtime.ts'
import { createTestDatabase, ensureTemplate } from '#services/kit/testing/database.ts'
import { CatalogProjector, CourseRuns, Courses, Curricula } from '../ports.ts'
import { learning } from '../service.ts'
import { createFakePayments } from './fake-payments.ts'
import { createUserDirectory } from './user-directory.ts'

const ids = systemIds
const origin = { correlationId: 'cor_test' }
const details = { ...exampleDetails, description: 'All of it.', externalUrl: 'https://example.org/course' }

export const personWith = (...roles: Role[]): UserActor => ({
  kind: 'user',
  userId: ids.next('usr'),
  sessionId: ids.next('ses'),
  roles,
  scopes: scopesOf(roles),
  emailVerified: true,
})

/** What became of a refusable call: `done`, or the code of the refusal. Other errors are thrown. */
export const outcomeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'done'
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
    throw error
  }
}

const codeIn = (reply: ReplyData): string => (reply.outcome === 'faulted' ? reply.code : 'done')

const Seats = z.object({ taken: z.int(), held: z.int(), fullness: z.int() })

/** The learning service on a database of its own, with payments that a test decides. No loop runs: `settle` does. */
export const startEnrolling = async () => {
  const template = await ensureTemplate('learning', (url) => migrateServices(url, [learning.tables]))
  const own = await createTestDatabase({ template })
  const clock = createManualClock(NOW)
  const database = openDatabase({ url: own.url, name: 'learning', queueWaitMs: 20_000 })
  const { tables } = learning
  const stores = createPostgresStores({ service: 'learning', url: own.url, database, tables, clock, ids })
  const transport = createMemoryTransport()
  const users = createUserDirectory()
  const runtime: Runtime = createRuntime(
    learning,
    [
      bindValue(Database, database),
      bindValue(Redis, createEngine({ now: () => Date.parse(clock.now()) })),
      bindValue(Cursors, createCursors('a secret of at least 32 characters')),
      ...learning.module({ importOwnerId: undefined }),
    ],
    stores,
    {
      clock,
      ids,
      random: () => 0,
      transport,
      lane: (service, request) =>
        service === 'learning' ? runtime.dispatcher.respond(request) : users.respond(request),
      observe: { handled: () => {}, duplicate: () => {}, failed: () => {}, expired: () => {} },
    },
  )
  // The repair that the connected Redis has begun reads beside a test, which counts its statements.
  await runtime.resolve(CatalogProjector).repair()
  const take = (body: string) => runtime.dispatcher.receive({ body, attempt: 1, lastAttempt: false })
  const payments = createFakePayments(ids, take)
  transport.connect('payment', [], payments.receive)

  const execute = async <In, Out>(
    definition: Command<In, Out>,
    input: NoInfer<In>,
    actor: UserActor,
    idempotencyKey: string = ids.next('key'),
  ): Promise<Out> => {
    const outcome = await runtime.buses.execute(definition, input, { actor, origin, idempotencyKey })
    return definition.output.parse(outcome.output)
  }
  const ask = async <In, Out>(definition: Query<In, Out>, input: NoInfer<In>, actor: UserActor): Promise<Out> =>
    definition.output.parse((await runtime.buses.ask(definition, input, { actor, origin })).output)

  /** A message as the service's own saga sends it, answered with `done` or a code; the same key is the same intent. */
  const send = async <In>(
    { type }: MessageDefinition<In>,
    data: NoInfer<In>,
    key: string = ids.next('msg'),
  ): Promise<string> =>
    codeIn(await runtime.dispatcher.respond({ type, data, from: 'learning', id: key, idempotencyKey: key, origin }))

  /** A question of another service, with its answer. */
  const answer = async <In, Out>({ type, output }: MessageDefinition<In, Out>, data: NoInfer<In>): Promise<Out> => {
    const id = ids.next('msg')
    const reply = await runtime.dispatcher.respond({ type, data, from: 'payment', id, idempotencyKey: id, origin })
    if (reply.outcome === 'faulted') throw new Error(reply.detail)
    return output.parse(reply.output)
  }

  /** An event of the payment service; the same id is a repeat. */
  const tell = <Data>(event: EventDefinition<Data>, data: NoInfer<Data>, id: string = ids.next('msg')) =>
    take(
      encodeEnvelope({
        specversion: '1.0',
        id,
        messagekind: 'event',
        type: event.type,
        source: 'edtech.payment',
        time: clock.now(),
        subject: 'payment',
        dataversion: event.version,
        correlationid: origin.correlationId,
        data,
      }),
    )

  /** Delivers everything that is on its way, and what follows from it. */
  const settle = async (): Promise<void> => {
    while ((await runtime.relay()) > 0);
  }

  const openCourse = async (
    terms: Partial<RunTerms> = {},
    { publish = true, tutorId = ids.next('usr'), outline = exampleOutline } = {},
  ) => {
    const courseId = ids.next('crs')
    const slug = `course-${courseId.slice(-12)}`
    const course = Course.create({ id: courseId, tutorId, slug }, details, clock.now())
    const curriculum = Curriculum.empty(courseId)
    const run = CourseRun.open({ id: ids.next('run'), courseId }, exampleTerms(terms))
    curriculum.put(outline, ids)
    if (publish) {
      course.publish(curriculum, [run], clock.now())
      curriculum.publish()
    }
    await runInUnitOfWork(stores.store, clock, origin, async (tx) => {
      runtime.resolve(Courses).save(tx, course)
      runtime.resolve(Curricula).save(tx, curriculum)
      runtime.resolve(CourseRuns).save(tx, run)
    })
    const lessonIds = curriculum.state.sections.flatMap(({ lessons }) => lessons.map(({ id }) => id))
    return { courseId, courseRunId: run.id, tutorId, lessonIds }
  }

  const seats = async (courseRunId: CourseRunId) => {
    const [row] = await database.run(
      `select seats_taken as taken, seats_held as held, fullness_changes as fullness
       from learning.course_runs where id = $1`,
      [courseRunId],
    )
    return Seats.parse(row)
  }

  const stop = async (): Promise<void> => {
    await stores.outbox.release()
    await database.close()
    await own.drop()
  }

  return {
    clock,
    database,
    stores,
    runtime,
    users,
    payments,
    execute,
    ask,
    send,
    answer,
    tell,
    settle,
    openCourse,
    seats,
    stop,
  }
}

export type Enrolling = Awaited<ReturnType<typeof startEnrolling>>
