import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MINUTE } from '#domain/kernel/clock.ts'
import { type PublishedCourse, publishCourse } from '#services/embedded/testing/courses.ts'
import { signedInCrowd } from '#services/embedded/testing/crowd.ts'
import { checkMoneyAndSeats } from '#services/embedded/testing/invariants.ts'
import { makePerson, type Person, signIn } from '#services/embedded/testing/people.ts'
import { eventually } from '#services/embedded/testing/poll.ts'
import postgres from 'postgres'
import { z } from 'zod'
import { SERVICES } from './stack/options.ts'
import { buySeat, type Ends, importCourses, takeFreeSeat } from './testing/soak-load.ts'
import { untilCatalogIsRight } from './testing/stack-catalog.ts'
import { canRunStack, startTestStack, type TestStack } from './testing/test-stack.ts'

/** Less than a minute on two cores; `npm run soak` goes for 100,000, a quarter of an hour. */
const EVENTS = Number(process.env['SOAK_EVENTS'] ?? 5_000)
const SHARE = 0.01
const AT_ONCE = 4
/** A round is some 300 events of courses and some 200 of enrollments. */
const LEARNERS = 60
const BUYERS = 3
/** Well before an access token is over. */
const SIGNED_IN_MS = 5 * MINUTE
const LONGEST_MS = 60_000 + EVENTS * 20

const FREE = { amount: 0, currency: 'EUR' } as const
const PRICE = { amount: 4900, currency: 'EUR' } as const
const SEATS = 100_000

const Count = z.tuple([z.object({ count: z.coerce.number() })])
const Rows = z.array(z.object({ id: z.string(), status: z.string() }))
const Disturbed = z.object({ duplicated: z.int(), reordered: z.int() })

describe.runIf(canRunStack)('a soak', () => {
  let stack: TestStack
  let sql: postgres.Sql
  let tutor: Person
  let free: PublishedCourse
  let paid: PublishedCourse
  beforeAll(async () => {
    stack = await startTestStack({
      instances: { learning: 3 },
      variables: { DISTURBED_PER_MILLE: String(SHARE * 1_000) },
    })
    sql = postgres(stack.databaseUrl, { max: 1 })
    tutor = await makePerson(stack, 'learner', 'tutor', 'admin')
    free = await publishCourse(stack, tutor, { title: 'For nothing', price: FREE, capacity: SEATS })
    paid = await publishCourse(stack, tutor, { title: 'For money', price: PRICE, capacity: SEATS })
  })
  afterAll(async () => {
    await sql.end()
    await stack.stop()
  })

  /** Messages that services have put into their outboxes so far; each takes a number, even when it is gone. */
  const written = async (): Promise<number> => {
    const parts = SERVICES.map((service) => `(select last_value from "${service}".outbox_seq_seq)`)
    return Count.parse([...(await sql.unsafe(`select ${parts.join(' + ')} as count`))])[0].count
  }
  /** How many of them still wait to be delivered. */
  const waiting = async (): Promise<number> => {
    const parts = SERVICES.map((service) => `(select count(*) from "${service}".outbox)`)
    return Count.parse([...(await sql.unsafe(`select ${parts.join(' + ')} as count`))])[0].count
  }
  const disturbed = async () => {
    const instances = stack.stack.rotation.all()
    const counts = await Promise.all(instances.map((instance) => stack.order(instance, { order: 'read-disturbed' })))
    return counts
      .map((each) => Disturbed.parse(each))
      .reduce((sum, each) => ({
        duplicated: sum.duplicated + each.duplicated,
        reordered: sum.reordered + each.reordered,
      }))
  }

  const playRound = async (round: number, ends: Ends): Promise<void> => {
    const learners = (await signedInCrowd(stack, LEARNERS)).entries()
    const worker = async (): Promise<void> => {
      for (const [at, learner] of learners)
        await (at < BUYERS
          ? buySeat(stack, learner, paid, ends)
          : takeFreeSeat(stack, learner, free, at % 3 === 0, ends))
    }
    await Promise.all([importCourses(stack, tutor, round), ...Array.from({ length: AT_ONCE }, worker)])
  }

  /** Those that are not, or not yet, as delivery in order leaves them. */
  const wrongEnds = async (ends: Ends): Promise<number> => {
    const rows = Rows.parse([
      ...(await sql`
        select e.id, e.status from learning.enrollments e join learning.saga s on s.key = e.id
        where s.type = 'CourseEnrollment' and s.status in ('completed', 'compensated', 'cancelled')`),
    ])
    const found = new Map(rows.map(({ id, status }) => [id, status]))
    return [...ends].filter(([id, status]) => found.get(id) !== status).length
  }

  test(
    `of ${EVENTS} messages, some twice and some out of order: each has its effect once`,
    async () => {
      const ends: Ends = new Map()
      const startMs = performance.now()
      let signedInMs = startMs
      for (let round = 0; (await written()) < EVENTS; round++) {
        if (performance.now() - signedInMs > SIGNED_IN_MS) {
          tutor = await signIn(stack, tutor)
          signedInMs = performance.now()
        }
        await playRound(round, ends)
      }
      const writtenMs = performance.now() - startMs
      await eventually('all deliveries', async () => (await waiting()) === 0, LONGEST_MS)
      await eventually('the ends of all enrollments', async () => (await wrongEnds(ends)) === 0, LONGEST_MS)
      await checkMoneyAndSeats(stack, LONGEST_MS)
      await untilCatalogIsRight(stack, LONGEST_MS)
      const tookMs = performance.now() - startMs

      const { duplicated, reordered } = await disturbed()
      const messages = await written()
      process.stdout.write(
        `soak: ${messages} messages written in ${(writtenMs / 1_000).toFixed(1)} s, at rest after ` +
          `${(tookMs / 1_000).toFixed(1)} s; ${duplicated} came twice, ${reordered} out of order; ` +
          `${ends.size} enrollments: 0 lost, 0 applied twice\n`,
      )
      expect(duplicated).toBeGreaterThan(messages * SHARE * 0.3)
      expect(reordered).toBeGreaterThan(messages * SHARE * 0.3)
    },
    2 * LONGEST_MS,
  )
})
