// Our side of P11: enrollments from the request to access, each step a message through outbox, relay, dispatcher and inbox.
// The services beside it are played: payments have the money at once, and nobody has a public profile.
import { serviceUrl } from '#services/kit/postgres/migrate.ts'
import { systemClock } from '#domain/kernel/clock.ts'
import type { EnrollmentId } from '#domain/kernel/ids.ts'
import { serveRounds } from '#bus/bench/harness/side.ts'
import { Unavailable } from '#bus/cqrs/errors.ts'
import { decodeEnvelope, encodeEnvelope } from '#bus/envelope.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { createMemoryLane } from '#bus/request-reply/requester.ts'
import { createMemoryTransport } from '#bus/transports/memory/memory.ts'
import { runService } from '#services/kit/hosts/run-service.ts'
import { createCursors } from '#services/kit/http/cursor.ts'
import { systemIds as ids } from '#services/kit/ids.ts'
import { createLogger } from '#services/kit/logging.ts'
import { createMetrics } from '#services/kit/metrics.ts'
import { Database } from '#services/kit/ports.ts'
import { createEngine } from '#services/kit/redis/engine.ts'
import { RequestEnrollment } from '#services/learning/commands/request-enrollment.ts'
import { learning } from '#services/learning/service.ts'
import { createFakePayments } from '#services/learning/testing/fake-payments.ts'
import { createUserDirectory } from '#services/learning/testing/user-directory.ts'
import { openCourses } from '../enroll/courses.ts'
import { inFlight } from '../in-flight.ts'
import { percentiles } from '../latencies.ts'
import { personWith } from '../learning.ts'

const [, , url = '', atOnce = '16'] = process.argv
const courses = await openCourses(url)
const transport = createMemoryTransport()
const lanes = createMemoryLane()
lanes.register('user', createUserDirectory().respond)
const service = runService(
  learning,
  { importOwnerId: undefined },
  {
    databaseUrlOf: (schema) => serviceUrl(url, schema),
    redis: createEngine({ now: () => Date.now() }),
    transport,
    lanes,
    development: false,
    clock: systemClock,
    ids,
    random: () => 0.5,
    logger: (name) => createLogger({ level: 'error', service: name }),
    metrics: createMetrics(),
    http: {},
    cursors: createCursors('bench'.repeat(7)),
    connections: Number(atOnce),
  },
)
const take = (body: string) => service.runtime.dispatcher.receive({ body, attempt: 1, lastAttempt: false })

const payments = createFakePayments(ids, take)
transport.connect('payment', [], async (message) => {
  await payments.receive(message)
  const request = decodeEnvelope(message.body)
  const { purchase, payerId, money } = Payments.ProcessPayment.input.parse(request.data)
  const completedAt = systemClock.now()
  const data = { paymentId: payments.paymentOf(purchase.refId), purchase, payerId, money, completedAt }
  const { type, version: dataversion } = Payments.PaymentCompleted
  const names = { specversion: '1.0', messagekind: 'event', source: 'edtech.payment', type, dataversion } as const
  const { subject, correlationid } = request
  await take(encodeEnvelope({ ...names, id: ids.next('msg'), time: completedAt, subject, correlationid, data }))
})

const enrolled = new Map<string, () => void>()
transport.connect('bench', [Learning.StudentEnrolled.type], async ({ body }) => {
  const { enrollmentId } = Learning.StudentEnrolled.data.parse(decodeEnvelope(body).data)
  enrolled.get(enrollmentId)?.()
  enrolled.delete(enrollmentId)
})

/** Asks again where the service sheds load, as a client does. */
const request = async (...asked: Parameters<typeof service.runtime.buses.execute>): Promise<EnrollmentId> => {
  try {
    const { output } = await service.runtime.buses.execute(...asked)
    return RequestEnrollment.output.parse(output).enrollmentId
  } catch (error) {
    if (!Unavailable.is(error)) throw error
    return request(...asked)
  }
}

const enroll = async (n: number): Promise<void> => {
  const input = { courseRunId: courses[n % courses.length]?.courseRunId }
  const actor = personWith('learner')
  const origin = { correlationId: ids.next('cor') }
  const enrollmentId = await request(RequestEnrollment, input, { actor, origin, idempotencyKey: ids.next('key') })
  await arrivalOf(enrollmentId)
}

const arrivalOf = (enrollmentId: EnrollmentId): Promise<void> =>
  new Promise((resolve) => {
    enrolled.set(enrollmentId, resolve)
  })

const database = service.runtime.resolve(Database)
serveRounds({
  run: async (operations) => {
    const latencies: number[] = []
    const before = database.statements()
    await inFlight(Number(atOnce), operations, async (n) => {
      const startedMs = performance.now()
      await enroll(n)
      latencies.push(performance.now() - startedMs)
    })
    return { ...percentiles(latencies), 'statements each': (database.statements() - before) / operations }
  },
})
