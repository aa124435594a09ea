import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MINUTE } from '#domain/kernel/clock.ts'
import { EnrollmentId } from '#domain/kernel/ids.ts'
import { SHARDS } from '#bus/outbox/shard.ts'
import {
  clientSecretOf,
  enrollmentWithStatus,
  type PublishedCourse,
  publishCourse,
  requestSeat,
} from '#services/embedded/testing/courses.ts'
import { createTestClient } from '#services/embedded/testing/client.ts'
import { signedInCrowd } from '#services/embedded/testing/crowd.ts'
import { checkMoneyAndSeats } from '#services/embedded/testing/invariants.ts'
import { makePerson, type Person } from '#services/embedded/testing/people.ts'
import { callPatiently } from '#services/embedded/testing/patient.ts'
import { eventually } from '#services/embedded/testing/poll.ts'
import postgres from 'postgres'
import { z } from 'zod'
import type { Instance } from './stack/instances.ts'
import { untilCatalogIsRight } from './testing/stack-catalog.ts'
import { canRunStack, startTestStack, type TestStack } from './testing/test-stack.ts'

/** A relay that was killed leaves its shards at once; the next one looks for them four times a second. */
const AT_ONCE_MS = 5_000
/** A relay that stalls keeps them for so long, and the machine of a test is busy. */
const STALLED_MS = 15_000
const LATE_MS = 3_000

const Sessions = z.array(z.object({ pid: z.int(), shards: z.array(z.int()) }))
const FREE = { amount: 0, currency: 'EUR' } as const
const PRICE = { amount: 4900, currency: 'EUR' } as const
const ALL_SHARDS = Array.from({ length: SHARDS }, (_, shard) => shard)

describe.runIf(canRunStack)('of several relays', () => {
  let stack: TestStack
  let sql: postgres.Sql
  let first: Instance
  let second: Instance
  let free: PublishedCourse
  let paid: PublishedCourse
  let learners: Person[]
  beforeAll(async () => {
    stack = await startTestStack()
    sql = postgres(stack.databaseUrl, { max: 1 })
    const [running] = stack.stack.rotation.readyOf('learning')
    if (!running) throw new Error('No learning service is ready.')
    first = running
    const tutor = await makePerson(stack, 'learner', 'tutor')
    free = await publishCourse(stack, tutor, { title: 'For nothing', price: FREE, capacity: 20 })
    paid = await publishCourse(stack, tutor, { title: 'For money', price: PRICE, capacity: 20 })
    learners = await signedInCrowd(stack, 4)
    await relay()
    second = await stack.start('learning')
  })
  afterAll(async () => {
    await sql.end()
    await stack.stop()
  })

  /** The sessions that hold shards of the learning service. */
  const holders = async () =>
    Sessions.parse([
      ...(await sql`
        select pid, array_agg(objid::int order by objid) as shards from pg_locks
        where locktype = 'advisory' and granted and classid::bigint = hashtext('learning:relay')::bigint & 4294967295
          and database = (select oid from pg_database where datname = current_database())
        group by pid`),
    ])
  /** The only session that holds shards, once it holds all of them and is none of these. */
  const relay = (than: readonly number[] = [], withinMs = AT_ONCE_MS): Promise<number> =>
    eventually(
      'one relay of all shards',
      async () => {
        const [one, ...more] = await holders()
        return more.length === 0 && one?.shards.length === SHARDS && !than.includes(one.pid) && one.pid
      },
      withinMs,
    )

  /**
   * Asks one process, past the proxy, which does not know at once who has stalled. Patiently: a process that stalled in
   * the middle of a transaction keeps its locks until PostgreSQL ends its session.
   */
  const enrollAt = async ({ url }: Instance, { token }: Person): Promise<EnrollmentId> => {
    const client = await createTestClient(url, [])
    const path = `/v1/course-runs/${free.courseRunId}/enrollments`
    const { answer } = await callPatiently(client, 'POST', path, { token })
    expect({ status: answer.status, body: answer.text }).toMatchObject({ status: 202 })
    return answer.as(z.object({ enrollmentId: EnrollmentId })).enrollmentId
  }
  const learner = (): Person => {
    const next = learners.pop()
    if (!next) throw new Error('No learner is left.')
    return next
  }
  const untilDelivered = (withinMs: number): Promise<true> =>
    eventually('an empty outbox', async () => (await sql`select from learning.outbox limit 1`).length === 0, withinMs)

  test('one holds every shard, however many there are', async () => {
    expect((await holders()).map(({ shards }) => shards)).toEqual([ALL_SHARDS])
  })

  test('the next one takes over at once from one that was killed, and fires its timers', async () => {
    const abandoner = learner()
    const abandoned = await requestSeat(stack, abandoner, paid)
    await clientSecretOf(stack, abandoner, abandoned)
    const killed = await relay()
    first.child.signal('SIGKILL')
    await first.child.ended
    await relay([killed], AT_ONCE_MS)
    await stack.stack.stopInstance(first)
    const enrolling = learner()
    await enrollmentWithStatus(stack, enrolling, await enrollAt(second, enrolling), 'ACTIVE')
    await stack.forward(31 * MINUTE)
    const returned = await eventually('a timer', async () => {
      const [row] = await sql`select status from learning.enrollments where id = ${abandoned}`
      return row?.['status'] === 'CANCELLED'
    })
    expect(returned).toBe(true)
  })

  test('the next one takes over within 15 s from one that has stalled, which then delivers nothing more', async () => {
    const third = await stack.start('learning')
    const stalled = await relay()
    second.child.signal('SIGSTOP')
    const sinceMs = performance.now()
    // Tokens of before are over: half an hour has passed.
    const [waiting, later] = await signedInCrowd(stack, 2)
    if (!waiting || !later) throw new Error('Two learners are needed.')
    const enrollmentId = await enrollAt(third, waiting)
    const next = await relay([stalled], STALLED_MS + LATE_MS)
    process.stdout.write(`taken over from a stalled relay in ${(performance.now() - sinceMs).toFixed(0)} ms\n`)
    await untilDelivered(STALLED_MS)

    second.child.signal('SIGCONT')
    await enrollmentWithStatus(stack, waiting, enrollmentId, 'ACTIVE')
    await enrollmentWithStatus(stack, later, await enrollAt(second, later), 'ACTIVE')
    expect(await holders()).toEqual([{ pid: next, shards: ALL_SHARDS }])
    await checkMoneyAndSeats(stack)
    await untilCatalogIsRight(stack)
  }, 90_000)
})
