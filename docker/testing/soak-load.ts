import { z } from 'zod'
import { EnrollmentId } from '#domain/kernel/ids.ts'
import type { EnrollmentStatus } from '#domain/learning/enrollment-state.ts'
import { clientSecretOf, payAtProvider, type PublishedCourse } from '#services/embedded/testing/courses.ts'
import { callPatiently } from '#services/embedded/testing/patient.ts'
import type { Person } from '#services/embedded/testing/people.ts'
import type { PlatformUnderTest } from '#services/embedded/testing/platform.ts'

/** What must have become of what was acknowledged. */
export type Ends = Map<EnrollmentId, EnrollmentStatus>

const Acknowledged = z.object({ enrollmentId: EnrollmentId })
const Results = z.object({ results: z.array(z.object({ outcome: z.string() })) })

/** Courses in one request, each of which is three events. */
const IMPORTED = 100

/** Imports a hundred courses that nobody has seen before; the catalog shows each of them. */
export const importCourses = async (test: PlatformUnderTest, { token }: Person, batch: number): Promise<void> => {
  const items = Array.from({ length: IMPORTED }, (_, at) => ({
    url: `https://courses.example.org/${batch}/${at}`,
    title: `Course ${at} of batch ${batch}`,
    language: 'en',
    subject: { slug: 'programming', name: 'Programming' },
  }))
  const { answer } = await callPatiently(test.client, 'POST', '/v1/course-imports', { token, body: { items } })
  if (answer.status !== 200) throw new Error(`An import: ${answer.status} ${answer.text}`)
  const others = answer.as(Results).results.filter(({ outcome }) => outcome !== 'created')
  if (others.length > 0) throw new Error(`An import: ${JSON.stringify(others[0])}`)
}

const enroll = async (test: PlatformUnderTest, { token }: Person, course: PublishedCourse): Promise<EnrollmentId> => {
  const path = `/v1/course-runs/${course.courseRunId}/enrollments`
  const { answer } = await callPatiently(test.client, 'POST', path, { token })
  if (answer.status !== 202) throw new Error(`${path}: ${answer.status} ${answer.text}`)
  return answer.as(Acknowledged).enrollmentId
}

/** Enrolls in a free course, and gives the seat back while that is under way where `cancels` says so. */
export const takeFreeSeat = async (
  test: PlatformUnderTest,
  learner: Person,
  course: PublishedCourse,
  cancels: boolean,
  ends: Ends,
): Promise<void> => {
  const id = await enroll(test, learner, course)
  ends.set(id, 'ACTIVE')
  if (!cancels) return
  const { token } = learner
  const { answer } = await callPatiently(test.client, 'DELETE', `/v1/enrollments/${id}`, { token })
  if (answer.status === 202) ends.set(id, 'CANCELLED')
  else if (answer.status !== 409) throw new Error(`Cancelling ${id}: ${answer.status} ${answer.text}`)
}

/** Buys a seat. */
export const buySeat = async (
  test: PlatformUnderTest,
  learner: Person,
  course: PublishedCourse,
  ends: Ends,
): Promise<void> => {
  const id = await enroll(test, learner, course)
  const status = await payAtProvider(test, await clientSecretOf(test, learner, id))
  if (status !== 200) throw new Error(`Paying for ${id}: ${status}`)
  ends.set(id, 'ACTIVE')
}
