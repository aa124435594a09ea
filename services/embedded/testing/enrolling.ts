import { type EnrollmentId, PaymentId } from '#domain/kernel/ids.ts'
import type { EnrollmentStatus } from '#domain/learning/enrollment-state.ts'
import {
  clientSecretOf,
  enrollmentWithStatus,
  type EnrollmentView,
  payAtProvider,
  type PublishedCourse,
  readEnrollment,
  requestSeat,
} from './courses.ts'
import { makePerson, type Person, signIn } from './people.ts'
import type { PlatformUnderTest } from './platform.ts'
import { eventually } from './poll.ts'

/** A learner who has asked for a seat and can pay for it. */
export interface Enrolling {
  readonly learner: Person
  readonly course: PublishedCourse
  readonly enrollmentId: EnrollmentId
  readonly paymentId: PaymentId
  readonly clientSecret: string
  /** The payment intent at the provider. */
  readonly intent: string
}

/** A learner, new unless they are given, asks for a seat; ends when the payment can be confirmed. */
export const startEnrolling = async (
  test: PlatformUnderTest,
  course: PublishedCourse,
  given?: Person,
): Promise<Enrolling> => {
  const learner = given ?? (await makePerson(test, 'learner'))
  const enrollmentId = await requestSeat(test, learner, course)
  const clientSecret = await clientSecretOf(test, learner, enrollmentId)
  const { paymentId } = await readEnrollment(test, learner, enrollmentId)
  const intent = clientSecret.replace(/_secret_.*$/, '')
  return { learner, course, enrollmentId, paymentId: PaymentId.parse(paymentId), clientSecret, intent }
}

/** A learner, new unless they are given, with a paid seat. */
export const startLearning = async (
  test: PlatformUnderTest,
  course: PublishedCourse,
  paymentMethod?: string,
  given?: Person,
): Promise<Enrolling> => {
  const enrolling = await startEnrolling(test, course, given)
  await payAtProvider(test, enrolling.clientSecret, paymentMethod)
  await untilStatus(test, enrolling, 'ACTIVE')
  return enrolling
}

export const untilStatus = (
  test: PlatformUnderTest,
  { learner, enrollmentId }: Enrolling,
  status: EnrollmentStatus,
): Promise<EnrollmentView> => enrollmentWithStatus(test, learner, enrollmentId, status)

/** The same learner with tokens that are good now, after time has passed. */
export const signInAgain = async (test: PlatformUnderTest, enrolling: Enrolling): Promise<Enrolling> => ({
  ...enrolling,
  learner: await signIn(test, enrolling.learner),
})

/** What the learner gets for the content of the course: 200 or 403. */
export const contentStatus = async (
  { client }: PlatformUnderTest,
  { learner, course }: Pick<Enrolling, 'learner' | 'course'>,
): Promise<number> =>
  (await client.call('GET', `/v1/courses/${course.courseId}/content`, { token: learner.token })).status

/** Waits until the learner reads the content no more. */
export const untilNoAccess = (test: PlatformUnderTest, enrolling: Enrolling): Promise<true> =>
  eventually('no access', async () => (await contentStatus(test, enrolling)) === 403 && true)

/** What the provider has kept of an enrollment's charges, in minor units. */
export const keptMoney = async (
  { provider }: PlatformUnderTest,
  { intent }: Pick<Enrolling, 'intent'>,
): Promise<number> => {
  const { charges, refunds, disputes } = await provider.ledger()
  const captured = charges.filter(({ payment_intent }) => payment_intent === intent)
  const back = refunds.filter(({ payment_intent, status }) => payment_intent === intent && status !== 'failed')
  const taken = disputes.filter(({ payment_intent, status }) => payment_intent === intent && status !== 'won')
  return (
    captured.reduce((sum, { amount_captured }) => sum + amount_captured, 0) -
    [...back, ...taken].reduce((sum, { amount }) => sum + amount, 0)
  )
}
