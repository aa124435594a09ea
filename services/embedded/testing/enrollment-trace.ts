import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { EnrollmentId } from '#domain/kernel/ids.ts'
import { clientSecretOf, enrollmentWithStatus, payAtProvider, publishCourse } from './courses.ts'
import { makePerson } from './people.ts'
import type { PlatformUnderTest } from './platform.ts'
import { eventually } from './poll.ts'
import type { CollectedSpan, SpanCollector } from './span-collector.ts'

/** A platform whose spans arrive at the collector, in one process or in many. */
export interface TracedPlatform {
  readonly platform: PlatformUnderTest
  readonly collector: SpanCollector
  /** Who asks whether a session is good: the process that has all, or each service for itself. */
  readonly askers: readonly string[]
}

/** The browser's own span, which the platform does not export. */
const newCaller = () => ({ traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') })
type Caller = ReturnType<typeof newCaller>

/** Enrolls in a course that costs something, as a browser with a trace of its own, and pays. */
const enrollAndPay = async (platform: PlatformUnderTest, { traceId, spanId }: Caller): Promise<void> => {
  const tutor = await makePerson(platform, 'learner', 'tutor')
  const learner = await makePerson(platform, 'learner')
  const price = { amount: 4900, currency: 'EUR' } as const
  const course = await publishCourse(platform, tutor, { title: 'Traced', price, capacity: 2 })
  const path = `/v1/course-runs/${course.courseRunId}/enrollments`
  const headers = { traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'vendor=opaque' }
  const call = { token: learner.token, headers }
  const { enrollmentId } = await platform.client.expect(
    202,
    z.object({ enrollmentId: EnrollmentId }),
    'POST',
    path,
    call,
  )
  await payAtProvider(platform, await clientSecretOf(platform, learner, enrollmentId))
  await enrollmentWithStatus(platform, learner, enrollmentId, 'ACTIVE')
}

const isSend = ({ name }: CollectedSpan): boolean => name.startsWith('send ')
const labelOf = ({ service, name, consumer }: CollectedSpan): string =>
  `${service}: ${name}${consumer ? ` (${consumer})` : ''}`

/** A span with all its parents, outermost first, as far as they were exported. */
const ancestry = (spans: readonly CollectedSpan[], span: CollectedSpan): readonly CollectedSpan[] => {
  const parent = spans.find(({ traceId, spanId }) => traceId === span.traceId && spanId === span.parentSpanId)
  return parent ? [...ancestry(spans, parent), span] : [span]
}

/** The way to a span through its parents, as text. */
const wayTo = (spans: readonly CollectedSpan[], span: CollectedSpan): string =>
  ancestry(spans, span).map(labelOf).join(' > ')

const REQUEST = 'learning: requestEnrollment > learning: learning.request_enrollment'
const CHARGE = `${REQUEST} > payment: process payment.process (payment/requests)`
const CHARGED = `${CHARGE} > learning: process payment.process (learning/replies)`

/** From the learner's request to the payment that waits for its payer. */
const ASKED = [
  REQUEST,
  CHARGE,
  `${CHARGE} > payment: process payment.create_intent (payment/requests)`,
  CHARGED,
  `${CHARGED} > learning: process course.record_payment (learning/requests)`,
  `${CHARGED} > learning: process course.record_payment (learning/requests) > learning: process course.record_payment (learning/replies)`,
]

const PAID =
  'payment: receiveWebhook > payment: payment.ingest_provider_event > payment: process payment.sync_intent (payment/requests)' +
  ' > learning: process payment.completed (learning/saga:CourseEnrollment)'
const ACTIVATED = `${PAID} > learning: process course.activate_enrollment (learning/requests)`

/** From the provider's notice to the seat. */
const SETTLED = [
  PAID,
  ACTIVATED,
  `${ACTIVATED} > learning: process course.activate_enrollment (learning/replies)`,
  `${ACTIVATED} > learning: process course.student_enrolled (learning/catalog.student_enrolled)`,
]

/**
 * One paid enrollment. The provider does not carry our trace, so that its webhook begins one: the saga's step in that
 * trace is linked to the span that started the saga.
 */
export const enrollmentTraceTests = (traced: () => TracedPlatform): void => {
  const caller = newCaller()
  let spans: readonly CollectedSpan[] = []

  const ways = (traceId: string | undefined): readonly string[] =>
    spans.filter((span) => span.traceId === traceId && !isSend(span)).map((span) => wayTo(spans, span))
  const sagaStep = () =>
    spans.find(
      ({ name, consumer, links }) =>
        name === 'process payment.completed' &&
        consumer === 'learning/saga:CourseEnrollment' &&
        links.some(({ traceId }) => traceId === caller.traceId),
    )

  beforeAll(async () => {
    const { platform, collector } = traced()
    await enrollAndPay(platform, caller)
    // The last spans are under way when the learner has the seat.
    await eventually('the spans of the enrollment', async () => {
      spans = [...collector.spans]
      const arrived = new Set([...ways(caller.traceId), ...ways(sagaStep()?.traceId)])
      return [...ASKED, ...SETTLED].every((way) => arrived.has(way))
    })
  })

  describe('the trace of an enrollment', () => {
    test('is that of the caller, and leads through command, outbox, saga and replies to the intent', () => {
      expect(ways(caller.traceId)).toEqual(expect.arrayContaining(ASKED))
    })

    test('goes on from the webhook to the seat, and to those who are told of it', () => {
      expect(ways(sagaStep()?.traceId)).toEqual(expect.arrayContaining(SETTLED))
    })

    test('joins the two by a link to the span that started the saga', () => {
      const start = spans.find(
        ({ name, traceId }) => name === 'learning.request_enrollment' && traceId === caller.traceId,
      )
      expect(sagaStep()?.links).toContainEqual({ traceId: caller.traceId, spanId: start?.spanId })
    })

    test('is one tree on either side: every span but the first has its parent', () => {
      const rootsOf = (id: string | undefined) =>
        spans
          .filter(({ traceId }) => traceId === id)
          .filter((span) => ancestry(spans, span).length === 1)
          .map(({ name, parentSpanId }) => ({ name, parentSpanId }))
      expect(rootsOf(caller.traceId)).toEqual([{ name: 'requestEnrollment', parentSpanId: caller.spanId }])
      expect(rootsOf(sagaStep()?.traceId)).toEqual([{ name: 'receiveWebhook', parentSpanId: '' }])
    })

    test('shows each message leave, beside those who handle it', () => {
      const sends = spans.filter((span) => span.traceId === caller.traceId && isSend(span))
      const ofCharge = sends.filter(({ name }) => name === 'send payment.process').map((span) => wayTo(spans, span))
      expect(ofCharge).toEqual(
        expect.arrayContaining([
          `${REQUEST} > learning: send payment.process`,
          `${CHARGE} > payment: send payment.process`,
        ]),
      )
    })

    test('has the call of another service as the two ends of one span', () => {
      const answered = spans.filter(({ service, name }) => service === 'user' && name === 'user.check_session')
      expect(answered.length).toBeGreaterThan(0)
      const { askers } = traced()
      for (const span of answered)
        expect(askers.map((asker) => `${asker}: user.check_session > user: user.check_session`)).toContain(
          wayTo(spans, span),
        )
    })
  })
}
