import { z } from 'zod'
import { MINUTE } from '#domain/kernel/clock.ts'
import { CourseRunId, type EnrollmentId } from '#domain/kernel/ids.ts'
import postgres from 'postgres'
import { openTerms } from '../courses.ts'
import { checkMoneyAndSeats } from '../invariants.ts'
import { eventually } from '../poll.ts'
import { createInsistentClient, type InsistentClient } from './insistent-client.ts'
import { type Journeys, startJourneys } from './journeys.ts'
import type { JourneyScene } from './scene.ts'

/** A platform whose processes die meanwhile. */
export interface DyingPlatform {
  readonly url: string
  /** Puts its clock forward. */
  forward(ms: number): Promise<void>
  /** I7: parts of the catalog that are not as a rebuild makes them. */
  catalogDifferences(): Promise<readonly string[]>
}

/** Longer than a learner has to pay. */
const PAST_PAYMENT_MS = 31 * MINUTE
const SEATS = 5

const openRun = async ({ course, tutor }: JourneyScene, client: InsistentClient): Promise<CourseRunId> => {
  const body = openTerms({ amount: 4900, currency: 'EUR' }, SEATS)
  const answer = await client.expect(201, 'POST', `/v1/courses/${course.courseId}/runs`, { as: tutor, body })
  return answer.as(z.object({ courseRunId: CourseRunId })).courseRunId
}

/** I9: asked again, an acknowledged request answers with the same bytes. */
const checkReplays = async (client: InsistentClient, { acknowledged }: Journeys): Promise<void> => {
  for (const { account, path, key, answer } of acknowledged) {
    const { status, text } = await client.call('POST', path, { as: account, key })
    if (status !== answer.status || text !== answer.text)
      throw new Error(`I9: ${path} answered ${answer.status} ${answer.text}, then ${status} ${text}`)
  }
}

const Ends = z.array(z.object({ id: z.string(), status: z.string() }))

/** I11: what was acknowledged is there, and has come to its end. */
const untilEnded = async (databaseUrl: string, ends: ReadonlyMap<EnrollmentId, string>): Promise<void> => {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined })
  try {
    await eventually('the ends of all enrollments', async () => {
      const rows = Ends.parse([
        ...(await sql`
          select e.id, e.status from learning.enrollments e join learning.saga s on s.key = e.id
          where s.type = 'CourseEnrollment' and e.id in ${sql([...ends.keys()])}
            and s.status in ('completed', 'compensated', 'cancelled')`),
      ])
      return (
        rows.length === ends.size &&
        rows.every(({ id, status }) => [...ends].some(([a, b]) => a === id && b === status))
      )
    })
  } finally {
    await sql.end()
  }
}

const checkCatalog = (platform: DyingPlatform): Promise<boolean> =>
  eventually('I7: the catalog as a rebuild makes it', async () => (await platform.catalogDifferences()).length === 0)

/**
 * Lives through the journeys of an enrollment, waits until everything has come to rest, and checks the invariants. Fails
 * where one of them does not hold.
 */
export const liveThrough = async (scene: JourneyScene, platform: DyingPlatform): Promise<void> => {
  const { test } = scene
  const client = createInsistentClient(platform.url)
  const journeys = startJourneys(scene, client, await openRun(scene, client))
  const [, paid, declined, abandoned, cancelled, left] = await Promise.all([
    journeys.visits(),
    journeys.pays(),
    journeys.isDeclined(),
    journeys.abandons(),
    journeys.cancels(),
    journeys.cancelsAfterPaying(),
  ])
  await checkReplays(client, journeys)
  await platform.forward(PAST_PAYMENT_MS)
  const ends = new Map([
    [paid, 'COMPLETED'],
    ...[declined, abandoned, cancelled].map((id) => [id, 'CANCELLED'] as const),
  ])
  await untilEnded(test.databaseUrl, ends.set(left.id, left.status))
  await checkMoneyAndSeats(test)
  await checkCatalog(platform)
}
