import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { MINUTE, systemClock } from '#domain/kernel/clock.ts'
import { CouponId, ErasureId, InvoiceId, RefundId, SessionId } from '#domain/kernel/ids.ts'
import { ReconciliationId } from '#domain/payment/values.ts'
import { systemIds } from '#services/kit/ids.ts'
import { DeadLetters } from '#services/kit/ports.ts'
import {
  clientSecretOf,
  enrollmentWithStatus,
  openTerms,
  payAtProvider,
  publishCourse,
  requestSeat,
} from './courses.ts'
import { makePerson, type Person, register, signIn } from './people.ts'
import type { TestPlatform } from './platform.ts'
import { eventually } from './poll.ts'

/** Who asks, strangers first: a learner who has enrolled nowhere, the learner whose things they are, ... */
export const PRINCIPALS = ['anonymous', 'support', 'learner', 'otherTutor', 'owner', 'tutor', 'admin'] as const
export type Principal = (typeof PRINCIPALS)[number]

type People = Readonly<Record<Exclude<Principal, 'anonymous'>, Person>>

/** What is asked about, by name; each name is a path parameter's value. */
export interface Resources {
  readonly draft: string
  readonly draftRun: string
  readonly course: string
  readonly run: string
  readonly fullRun: string
  readonly freeRun: string
  readonly retiring: string
  readonly enrollment: string
  readonly leftEnrollment: string
  readonly payment: string
  readonly refund: string
  readonly reconciliation: string
  readonly saga: string
  readonly userLetter: string
  readonly learningLetter: string
  readonly paymentLetter: string
  readonly ownerSession: string
  readonly owner: string
  readonly tutor: string
  readonly suspect: string
  /** The erasure of somebody who has gone. */
  readonly erasure: string
  readonly onboarding: string
  readonly invoice: string
  readonly coupon: string
}

/** People, and one of everything that belongs to somebody. */
export interface Scene {
  readonly people: People
  /** A second session of each, which may end; `anonymous` stands for somebody else's. */
  readonly spare: Readonly<Record<Principal, Person>>
  readonly resources: Resources
}

const EUR = (amount: number) => ({ amount, currency: 'EUR' }) as const

const makePeople = async (test: TestPlatform): Promise<People> => ({
  support: await makePerson(test, 'learner', 'support'),
  learner: await makePerson(test, 'learner'),
  otherTutor: await makePerson(test, 'learner', 'tutor'),
  owner: await makePerson(test, 'learner'),
  tutor: await makePerson(test, 'learner', 'tutor'),
  admin: await makePerson(test, 'learner', 'admin'),
})

const spareSessions = async (test: TestPlatform, people: People, anonymous: Person): Promise<Scene['spare']> => ({
  anonymous: await signIn(test, anonymous),
  support: await signIn(test, people.support),
  learner: await signIn(test, people.learner),
  otherTutor: await signIn(test, people.otherTutor),
  owner: await signIn(test, people.owner),
  tutor: await signIn(test, people.tutor),
  admin: await signIn(test, people.admin),
})

const makeDraft = async ({ client }: TestPlatform, { token }: Person) => {
  const body = { title: 'Not shown yet', language: 'en', subject: 'programming' }
  const { courseId } = await client.expect(201, z.object({ courseId: z.string() }), 'POST', '/v1/courses', {
    token,
    body,
  })
  const run = z.object({ courseRunId: z.string() })
  const terms = { token, body: openTerms(EUR(1900), 5) }
  const { courseRunId } = await client.expect(201, run, 'POST', `/v1/courses/${courseId}/runs`, terms)
  return { draft: courseId, draftRun: courseRunId }
}

/** An enrollment that is paid, and one that was left. */
const enrollOwner = async (test: TestPlatform, { owner, tutor }: People) => {
  const course = await publishCourse(test, tutor, { title: 'Paid for', price: EUR(4900), capacity: 10 })
  const enrollment = await requestSeat(test, owner, course)
  await payAtProvider(test, await clientSecretOf(test, owner, enrollment))
  const { paymentId = '' } = await enrollmentWithStatus(test, owner, enrollment, 'ACTIVE')

  const free = await publishCourse(test, tutor, { title: 'For nothing', price: EUR(0), capacity: 1000 })
  const leftEnrollment = await requestSeat(test, owner, free)
  await enrollmentWithStatus(test, owner, leftEnrollment, 'ACTIVE')
  const path = `/v1/enrollments/${leftEnrollment}`
  await test.client.expect(202, z.unknown(), 'DELETE', path, { token: owner.token })
  await enrollmentWithStatus(test, owner, leftEnrollment, 'CANCELLED')

  const last = await publishCourse(test, tutor, { title: 'One seat', price: EUR(0), capacity: 1 })
  await enrollmentWithStatus(test, owner, await requestSeat(test, owner, last), 'ACTIVE')
  return {
    coupon: await makeCoupon(test, tutor, course.courseId),
    course: course.courseId,
    run: course.courseRunId,
    freeRun: free.courseRunId,
    fullRun: last.courseRunId,
    enrollment,
    leftEnrollment,
    payment: paymentId,
    saga: `CourseEnrollment:${enrollment}`,
  }
}

const refundAPart = async ({ client }: TestPlatform, { token }: Person, payment: string) => {
  const path = `/v1/payments/${payment}/refunds`
  const asked = { token, body: { money: EUR(100) } }
  return (await client.expect(202, z.object({ refundId: RefundId }), 'POST', path, asked)).refundId
}

const reconcile = async ({ client }: TestPlatform, { token }: Person) => {
  const accepted = z.object({ reconciliationId: ReconciliationId })
  return (await client.expect(202, accepted, 'POST', '/v1/reconciliations', { token, body: {} })).reconciliationId
}

const addLetter = async ({ platform }: TestPlatform, service: 'user' | 'learning' | 'payment'): Promise<string> => {
  const id = systemIds.next('dlq').slice('dlq_'.length)
  await platform.services[service].runtime.resolve(DeadLetters).add({
    id,
    consumer: service,
    messageId: randomUUID(),
    type: 'unreadable',
    key: id,
    envelope: 'This is no envelope.',
    reason: 'It cannot be read.',
    failedAt: systemClock.now(),
  })
  return id
}

const newestSession = async ({ client }: TestPlatform, { token }: Person): Promise<string> => {
  const list = z.object({ items: z.array(z.object({ sessionId: SessionId, current: z.boolean() })) })
  const { items } = await client.expect(200, list, 'GET', '/v1/users/me/sessions', { token })
  return items.find(({ current }) => current)?.sessionId ?? ''
}

const makeCoupon = async ({ client }: TestPlatform, { token }: Person, courseId: string): Promise<string> => {
  const discount = { kind: 'percent', percent: 10 }
  const body = { code: `SCENE-${randomUUID().slice(0, 8)}`, discount, courseIds: [courseId] }
  return (await client.expect(201, z.object({ couponId: CouponId }), 'POST', '/v1/coupons', { token, body })).couponId
}

const firstInvoice = ({ client }: TestPlatform, { token }: Person): Promise<string> =>
  eventually('an invoice', async () => {
    const list = z.object({ items: z.array(z.object({ invoiceId: InvoiceId })) })
    return (await client.expect(200, list, 'GET', '/v1/invoices', { token })).items[0]?.invoiceId
  })

/** Somebody deletes their account; the erasure's id. */
export const leaveForGood = async ({ client }: TestPlatform, { token }: Person): Promise<string> =>
  (await client.expect(202, z.object({ erasureId: ErasureId }), 'DELETE', '/v1/users/me', { token })).erasureId

/** Makes the people and what belongs to them on a new platform. */
export const makeScene = async (test: TestPlatform): Promise<Scene> => {
  const people = await makePeople(test)
  const suspect = await makePerson(test, 'learner')
  const resources: Resources = {
    ...(await makeDraft(test, people.tutor)),
    ...(await enrollOwner(test, people)),
    retiring: (await publishCourse(test, people.tutor, { title: 'Retires', price: EUR(0), capacity: 1 })).courseId,
    reconciliation: await reconcile(test, people.admin),
    userLetter: await addLetter(test, 'user'),
    learningLetter: await addLetter(test, 'learning'),
    paymentLetter: await addLetter(test, 'payment'),
    ownerSession: await newestSession(test, await signIn(test, people.owner)),
    owner: people.owner.userId,
    tutor: people.tutor.userId,
    suspect: suspect.userId,
    erasure: await leaveForGood(test, await makePerson(test, 'learner')),
    onboarding: `UserOnboarding:${(await register(test, 'Onboarded')).userId}`,
    invoice: await firstInvoice(test, people.owner),
    refund: '',
  }
  const spare = await spareSessions(test, people, suspect)
  const refund = await refundAPart(test, people.admin, resources.payment)
  // The logins of the scene leave the quota of logins to the test.
  test.clock.forward(MINUTE)
  return { people, spare, resources: { ...resources, refund } }
}

/** Ids of the same kinds that nothing has. */
export const missingResources = (): Resources => ({
  draft: systemIds.next('crs'),
  draftRun: systemIds.next('run'),
  course: systemIds.next('crs'),
  run: systemIds.next('run'),
  fullRun: systemIds.next('run'),
  freeRun: systemIds.next('run'),
  retiring: systemIds.next('crs'),
  enrollment: systemIds.next('enr'),
  leftEnrollment: systemIds.next('enr'),
  payment: systemIds.next('pay'),
  refund: systemIds.next('rfn'),
  reconciliation: systemIds.next('rec'),
  saga: `CourseEnrollment:${systemIds.next('enr')}`,
  userLetter: randomUUID(),
  learningLetter: randomUUID(),
  paymentLetter: randomUUID(),
  ownerSession: systemIds.next('ses'),
  owner: systemIds.next('usr'),
  tutor: systemIds.next('usr'),
  suspect: systemIds.next('usr'),
  erasure: systemIds.next('ers'),
  onboarding: `UserOnboarding:${systemIds.next('usr')}`,
  invoice: systemIds.next('inv'),
  coupon: systemIds.next('cpn'),
})
