import { publishCourse, type PublishedCourse } from '../courses.ts'
import { makePerson } from '../people.ts'
import { startTestPlatform, type TestPlatform } from '../platform.ts'
import type { Account } from './insistent-client.ts'

/** What outlives the processes that die: database, sandbox, people and a course. One case at a time uses it. */
export interface CrashScene {
  /** Path of the crash host. */
  readonly program: string
  readonly test: TestPlatform
  readonly port: number
  readonly course: PublishedCourse
  readonly tutor: Account
  readonly learners: Readonly<Record<LearnerName, Account>>
  close(): Promise<void>
}

export type LearnerName = 'payer' | 'decliner' | 'canceller' | 'late' | 'abandoner'

const accountOf = ({ email, password }: Account): Account => ({ email, password })

/** Lets a platform that does not die prepare everything. */
export const openCrashScene = async (program: string): Promise<CrashScene> => {
  const test = await startTestPlatform()
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
  await test.platform.stop(0)
  return {
    program,
    test,
    port: Number(new URL(test.platform.apiUrl).port),
    course,
    tutor: accountOf(tutor),
    learners,
    close: test.stop,
  }
}
