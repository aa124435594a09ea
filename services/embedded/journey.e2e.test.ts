import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stripeClient } from '#services/payment/sandbox/testing/start-sandbox.ts'
import { z } from 'zod'
import { clientSecretOf, enrollmentWithStatus, payAtProvider, publishCourse, requestSeat } from './testing/courses.ts'
import { brokenInvariants, checkMoneyAndSeats } from './testing/invariants.ts'
import { makePerson, register, signIn } from './testing/people.ts'
import type { PlatformUnderTest } from './testing/platform.ts'
import { startPlatformUnderTest } from './testing/under-test.ts'

let platform: PlatformUnderTest
beforeAll(async () => {
  platform = await startPlatformUnderTest()
})
afterAll(() => platform.stop())

const price = { amount: 4900, currency: 'EUR' } as const

describe('from registration to access', () => {
  test('a tutor registers, is granted the role by an admin, publishes; a learner enrolls, pays and reads', async () => {
    const { client } = platform
    const admin = await makePerson(platform, 'learner', 'admin')
    const applicant = await register(platform, 'Noor Adeyemi')
    const roles = { roles: ['learner', 'tutor'] }
    await client.expect(200, z.unknown(), 'PUT', `/v1/users/${applicant.userId}/roles`, {
      token: admin.token,
      body: roles,
    })
    const tutor = await signIn(platform, applicant)
    const course = await publishCourse(platform, tutor, { title: 'From seed to seat', price, capacity: 2 })

    const learner = await register(platform, 'Ilse Marek')
    const enrollmentId = await requestSeat(platform, learner, course)
    const content = `/v1/courses/${course.courseId}/content`
    expect((await client.call('GET', content, { token: learner.token })).status).toBe(403)
    expect(await payAtProvider(platform, await clientSecretOf(platform, learner, enrollmentId))).toBe(200)
    const enrollment = await enrollmentWithStatus(platform, learner, enrollmentId, 'ACTIVE')
    expect(enrollment.hasAccess).toBe(true)
    expect((await client.call('GET', content, { token: learner.token })).text).toContain('Secret lesson text.')
    await checkMoneyAndSeats(platform)
  })
})

test('the check of money and seats sees a charge that nobody has a seat for', async () => {
  const { port } = new URL(platform.sandbox.baseUrl)
  const stripe = stripeClient(Number(port), { key: platform.secrets.stripeSecretKey })
  const charge = { amount: 100, currency: 'eur', confirm: true, payment_method: 'pm_card_visa' }
  await stripe.paymentIntents.create({ ...charge, metadata: { course: 'enr_unknown' } })
  const broken = await brokenInvariants(platform)
  expect(broken.map(({ invariant }) => invariant)).toContain(
    'I2: a captured charge has an active enrollment or a refund',
  )
})
