import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type CourseRunId, EnrollmentId, LessonId, PaymentId } from '#domain/kernel/ids.ts'
import { EnrollmentStatus } from '#domain/learning/enrollment-state.ts'
import { SagaBeyondPivot } from '#bus/sagas/sagas.ts'
import { control } from '#services/payment/sandbox/testing/start-sandbox.ts'
import { payAtProvider } from '../courses.ts'
import { eventually } from '../poll.ts'
import type { Account, FinalAnswer, InsistentClient } from './insistent-client.ts'
import type { JourneyScene } from './scene.ts'

const Enrollment = z.object({ status: EnrollmentStatus, paymentId: PaymentId.optional() })
const Content = z.object({ sections: z.array(z.object({ lessons: z.array(z.object({ id: LessonId })) })) })
const Progress = z.object({ certificate: z.object({ verifyCode: z.string() }).optional() })
const Payment = z.object({ clientSecret: z.string().optional() })
const Mails = z.object({ items: z.array(z.object({ text: z.string() })) })
const Problem = z.object({ code: z.string() })
const User = z.object({ emailVerified: z.boolean() })

/** An acknowledged POST: asked again with its key it must give the same bytes. */
export interface Acknowledged {
  readonly account: Account
  readonly path: string
  readonly key: string
  readonly answer: FinalAnswer
}

/** An enrollment that somebody has left, and how it ended. */
export interface Left {
  readonly id: EnrollmentId
  readonly status: EnrollmentStatus
}

/** Everything that happens in one case. */
export interface Journeys {
  readonly acknowledged: readonly Acknowledged[]
  /** Registers and verifies an address. */
  visits(): Promise<void>
  /** Pays, gets access, learns all there is, and gets a certificate. */
  pays(): Promise<EnrollmentId>
  /** Has a card that is declined, and leaves it at that. */
  isDeclined(): Promise<EnrollmentId>
  /** Asks for a seat and never pays; the seat is free again when the time is up. */
  abandons(): Promise<EnrollmentId>
  /** Cancels before paying. */
  cancels(): Promise<EnrollmentId>
  /**
   * Pays, and cancels before the platform has heard of the money; the bank takes its time with the refund too. Where
   * processes died so long that the money was heard of first, what was opened expires with the refund.
   */
  cancelsAfterPaying(): Promise<Left>
}

export const startJourneys = (scene: JourneyScene, client: InsistentClient, courseRunId: CourseRunId): Journeys => {
  const { sandbox, secrets } = scene.test
  const { payer, decliner, canceller, late, abandoner } = scene.learners
  const provider = control(sandbox.baseUrl, secrets.stripeSecretKey)
  const acknowledged: Acknowledged[] = []

  const enroll = async (account: Account): Promise<EnrollmentId> => {
    const path = `/v1/course-runs/${courseRunId}/enrollments`
    const key = randomUUID()
    const answer = await client.expect(202, 'POST', path, { as: account, key })
    acknowledged.push({ account, path, key, answer })
    return answer.as(z.object({ enrollmentId: EnrollmentId })).enrollmentId
  }

  const read = async (as: Account, id: EnrollmentId) =>
    (await client.expect(200, 'GET', `/v1/enrollments/${id}`, { as })).as(Enrollment)

  const untilStatus = (account: Account, id: EnrollmentId, status: EnrollmentStatus) =>
    eventually(`${id} ${status}`, async () => (await read(account, id)).status === status)

  const clientSecret = async (as: Account, id: EnrollmentId): Promise<string> => {
    const paymentId = await eventually('a payment', async () => (await read(as, id)).paymentId)
    return eventually('a client secret', async () => {
      const answer = await client.expect(200, 'GET', `/v1/payments/${paymentId}`, { as })
      return answer.as(Payment).clientSecret
    })
  }

  const learn = async (as: Account, id: EnrollmentId): Promise<void> => {
    const { courseId } = scene.course
    const { sections } = (await client.expect(200, 'GET', `/v1/courses/${courseId}/content`, { as })).as(Content)
    for (const lesson of sections.flatMap(({ lessons }) => lessons))
      await client.expect(200, 'PUT', `/v1/enrollments/${id}/lessons/${lesson.id}/completion`, { as })
    await eventually('a certificate', async () => {
      const progress = await client.expect(200, 'GET', `/v1/enrollments/${id}/progress`, { as })
      return progress.as(Progress).certificate !== undefined
    })
    await untilStatus(as, id, 'COMPLETED')
  }

  /** A try whose answer was lost may have cancelled already; one that comes while access is being opened waits for it. */
  const cancel = (as: Account, id: EnrollmentId): Promise<true> =>
    eventually('a cancellation', async () => {
      const { status, text } = await client.call('DELETE', `/v1/enrollments/${id}`, { as })
      if (status !== 202 && status !== 409) throw new Error(`Cancelling: ${status} ${text}`)
      return status === 202 || Problem.parse(JSON.parse(text)).code !== SagaBeyondPivot.code
    })

  const settleRefund = async (intentId: string): Promise<void> => {
    const refund = await eventually('a refund', async () => {
      const { refunds } = await provider.ledger()
      return refunds.find(({ payment_intent }) => payment_intent === intentId)
    })
    await provider.post(`/refunds/${refund.id}/settle`)
  }

  return {
    acknowledged,

    visits: async () => {
      const account = { email: `visitor-${randomUUID()}@example.org`, password: `pass-${randomUUID()}` }
      const body = { ...account, displayName: 'A Visitor', locale: 'en', timezone: 'Europe/Berlin' }
      await client.expect(201, 'POST', '/v1/users', { body })
      const query = new URLSearchParams({ to: account.email })
      const token = await eventually('a mail', async () => {
        const { items } = (await client.expect(200, 'GET', `/dev/mailbox?${query}`)).as(Mails)
        return items[0]?.text.match(/ott_[\w-]+~[\w-]+/)?.[0]
      })
      // A mail whose token is not known yet comes from a process that died: it is sent, and stored, once more.
      await eventually('a verified address', async () => {
        await client.call('POST', '/v1/auth/verify-email', { body: { token } })
        return (await client.expect(200, 'GET', '/v1/users/me', { as: account })).as(User).emailVerified
      })
    },

    pays: async () => {
      const id = await enroll(payer)
      await payAtProvider(scene.test, await clientSecret(payer, id))
      await untilStatus(payer, id, 'ACTIVE')
      await learn(payer, id)
      return id
    },

    isDeclined: async () => {
      const id = await enroll(decliner)
      const status = await payAtProvider(scene.test, await clientSecret(decliner, id), 'pm_card_visa_chargeDeclined')
      if (status !== 402) throw new Error(`The provider answered ${status}, not 402.`)
      await untilStatus(decliner, id, 'CANCELLED')
      return id
    },

    abandons: async () => {
      const id = await enroll(abandoner)
      await clientSecret(abandoner, id)
      return id
    },

    cancels: async () => {
      const id = await enroll(canceller)
      await clientSecret(canceller, id)
      await cancel(canceller, id)
      await untilStatus(canceller, id, 'CANCELLED')
      return id
    },

    cancelsAfterPaying: async () => {
      const id = await enroll(late)
      const secret = await clientSecret(late, id)
      const event = 'payment_intent.succeeded'
      await provider.fault({ kind: 'webhook_delay', event, delayMs: 1_000, metadata: { course: id } })
      await payAtProvider(scene.test, secret, 'pm_card_pendingRefund')
      await cancel(late, id)
      await settleRefund(secret.replace(/_secret.*/, ''))
      const status = await eventually(`${id} CANCELLED or EXPIRED`, async () => {
        const now = (await read(late, id)).status
        return (now === 'CANCELLED' || now === 'EXPIRED') && now
      })
      return { id, status }
    },
  }
}
