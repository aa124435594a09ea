import { publishCourse, type PublishedCourse } from '../courses.ts'
import { makePerson } from '../people.ts'
import { type PlatformUnderTest, startTestPlatform, type TestPlatform } from '../platform.ts'
import type { Account } from './insistent-client.ts'

/** Who lives through the journeys, and where. */
export interface JourneyScene {
  readonly test: PlatformUnderTest
  readonly course: PublishedCourse
  readonly tutor: Account
  readonly learners: Readonly<Record<LearnerName, Account>>
}

/** What outlives the processes that die: database, sandbox, people and a course. One case at a time uses it. */
export interface CrashScene extends JourneyScene {
  /** Path of the crash host. */
  readonly program: string
  readonly test: TestPlatform
  readonly port: number
  close(): Promise<void>
}

export type LearnerName = 'payer' | 'decliner' | 'canceller' | 'late' | 'abandoner'

const accountOf = ({ email, password }: Account): Account => ({ email, password })

/** Makes the people and their course while nothing dies. */
export const prepareJourneys = async <T extends PlatformUnderTest>(test: T): Promise<JourneyScene & { test: T }> => {
  const tutor = await makePerson(test, 'learner', 'tutor')
  const price = { amount: 4900, currency: 'EUR' } as const
  const course = await publishCourse(test, tutor, { title: 'A course that survives', price, capacity: 1 })
  const learner = async () => accountOf(await makePerson(test, 'learner'))
  const learners = {
    payer: await learner(),
    decliner: await learner(),
    canceller: await learner(),
    late: await learner(),
    abandoner: await learner(),
  }
  return { test, course, tutor: accountOf(tutor), learners }
}

/** Lets a platform that does not die prepare everything. */
export const openCrashScene = async (program: string): Promise<CrashScene> => {
  const test = await startTestPlatform()
  const prepared = await prepareJourneys(test)
  await test.platform.stop(0)
  return { ...prepared, program, port: Number(new URL(test.platform.apiUrl).port), close: test.stop }
}
