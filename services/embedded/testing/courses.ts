import { z } from 'zod'
import { addMs, DAY, systemClock } from '#domain/kernel/clock.ts'
import { CourseId, CourseRunId, EnrollmentId, LessonId, PaymentId } from '#domain/kernel/ids.ts'
import type { Money } from '#domain/kernel/money.ts'
import { EndReason, EnrollmentStatus } from '#domain/learning/enrollment-state.ts'
import { callPatiently } from './patient.ts'
import type { Person } from './people.ts'
import type { PlatformUnderTest } from './platform.ts'
import { eventually } from './poll.ts'

/** A published course with one run. */
export interface PublishedCourse {
  readonly courseId: CourseId
  readonly courseRunId: CourseRunId
  readonly slug: string
}

const Course = z.object({ courseId: CourseId, slug: z.string(), version: z.int() })
const Enrollment = z.object({
  enrollmentId: EnrollmentId,
  status: EnrollmentStatus,
  paymentId: PaymentId.optional(),
  hasAccess: z.boolean(),
  endReason: EndReason.optional(),
})
export type EnrollmentView = z.infer<typeof Enrollment>
const Payment = z.object({ status: z.string(), clientSecret: z.string().optional() })

/** The terms of a run that takes enrollments now. */
export const openTerms = (price: Money, capacity: number) => {
  const now = systemClock.now()
  return {
    price,
    capacity,
    startsAt: addMs(now, 7 * DAY),
    endsAt: addMs(now, 90 * DAY),
    enrollmentOpensAt: addMs(now, -DAY),
    enrollmentClosesAt: addMs(now, 60 * DAY),
    pacing: 'self_paced',
  }
}

/** What a course of a test is made of; the rest is filled in. */
export interface CourseWish {
  readonly title: string
  readonly price: Money
  readonly capacity: number
  readonly subject?: string
  readonly language?: string
  readonly level?: string
  readonly summary?: string
}

/** Creates a course with one lesson and one open run. */
export const draftCourse = async (
  { client }: PlatformUnderTest,
  { token }: Person,
  { price, capacity, ...wished }: CourseWish,
): Promise<PublishedCourse> => {
  const body = { subject: 'programming', language: 'en', summary: 'A course of a test.', ...wished }
  const { courseId, slug } = await client.expect(201, Course, 'POST', '/v1/courses', { token, body })
  const lesson = { title: 'The only lesson', content: { kind: 'markdown', markdown: 'Secret lesson text.' } }
  const sections = [{ title: 'The only section', lessons: [lesson] }]
  const curriculum = { token, body: { sections }, ifMatch: '"1"' }
  await client.expect(200, z.unknown(), 'PUT', `/v1/courses/${courseId}/curriculum`, curriculum)
  const run = z.object({ courseRunId: CourseRunId })
  const opening = { token, body: openTerms(price, capacity) }
  const { courseRunId } = await client.expect(201, run, 'POST', `/v1/courses/${courseId}/runs`, opening)
  return { courseId, slug, courseRunId }
}

/** Creates a course with one lesson and one open run, and publishes it. */
export const publishCourse = async (
  test: PlatformUnderTest,
  tutor: Person,
  wish: CourseWish,
): Promise<PublishedCourse> => {
  const course = await draftCourse(test, tutor, wish)
  const path = `/v1/courses/${course.courseId}/publish`
  await test.client.expect(200, z.unknown(), 'POST', path, { token: tutor.token })
  return course
}

/** The learner's enrollment as it is now; asked for patiently, since tests poll it in crowds. */
export const readEnrollment = async (
  { client }: PlatformUnderTest,
  { token }: Person,
  id: EnrollmentId,
): Promise<EnrollmentView> => {
  const { answer } = await callPatiently(client, 'GET', `/v1/enrollments/${id}`, { token })
  if (answer.status !== 200) throw new Error(`${id}: ${answer.status} ${answer.text}`)
  return answer.as(Enrollment)
}

/** Waits until the enrollment has a status. */
export const enrollmentWithStatus = (
  test: PlatformUnderTest,
  learner: Person,
  id: EnrollmentId,
  status: EnrollmentStatus,
): Promise<EnrollmentView> =>
  eventually(`${id} ${status}`, async () => {
    const enrollment = await readEnrollment(test, learner, id)
    return enrollment.status === status && enrollment
  })

/** Asks for a seat; the enrollment's id. */
export const requestSeat = async (
  { client }: PlatformUnderTest,
  { token }: Person,
  { courseRunId }: PublishedCourse,
): Promise<EnrollmentId> => {
  const path = `/v1/course-runs/${courseRunId}/enrollments`
  return (await client.expect(202, z.object({ enrollmentId: EnrollmentId }), 'POST', path, { token })).enrollmentId
}

/** Waits until the payment can be confirmed; what a payer's browser would hold. */
export const clientSecretOf = async (test: PlatformUnderTest, learner: Person, id: EnrollmentId): Promise<string> => {
  const { token } = learner
  const paymentId = await eventually('a payment', async () => (await readEnrollment(test, learner, id)).paymentId)
  return eventually('a client secret', async () => {
    const { answer } = await callPatiently(test.client, 'GET', `/v1/payments/${paymentId}`, { token })
    return answer.as(Payment).clientSecret
  })
}

/** Confirms at the provider, as the payer's browser does. */
export const payAtProvider = async (
  { sandbox }: PlatformUnderTest,
  clientSecret: string,
  paymentMethod = 'pm_card_visa',
): Promise<number> => {
  const [intent] = clientSecret.split('_secret')
  const response = await fetch(`${sandbox.baseUrl}/v1/payment_intents/${intent}/confirm`, {
    method: 'POST',
    headers: { authorization: 'Bearer pk_test_sandbox' },
    body: new URLSearchParams({ client_secret: clientSecret, payment_method: paymentMethod }),
  })
  await response.text()
  return response.status
}

const Content = z.object({ sections: z.array(z.object({ lessons: z.array(z.object({ id: LessonId })) })) })
const ProgressView = z.object({
  progressPct: z.int(),
  certificate: z.object({ verifyCode: z.string() }).optional(),
})

/** Completes every lesson, in order, and waits for the certificate; answers its code. */
export const completeCourse = async (
  { client }: PlatformUnderTest,
  { token }: Person,
  { enrollmentId, courseId }: Pick<PublishedCourse, 'courseId'> & { readonly enrollmentId: EnrollmentId },
): Promise<string> => {
  const { sections } = await client.expect(200, Content, 'GET', `/v1/courses/${courseId}/content`, { token })
  for (const { id } of sections.flatMap(({ lessons }) => lessons))
    await client.expect(200, ProgressView, 'PUT', `/v1/enrollments/${enrollmentId}/lessons/${id}/completion`, { token })
  return eventually('a certificate', async () => {
    const path = `/v1/enrollments/${enrollmentId}/progress`
    return (await client.expect(200, ProgressView, 'GET', path, { token })).certificate?.verifyCode
  })
}
