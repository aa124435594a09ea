import { systemClock } from '#domain/kernel/clock.ts'
import { systemIds as ids } from '#services/kit/ids.ts'
import type { BenchCourse } from '../learning.ts'

const stateOf = (enrollmentId: string, payerId: string) => ({
  type: 'CourseEnrollment',
  key: enrollmentId,
  schema: 1,
  status: 'running',
  step: 'charge',
  state: { enrollmentId, payerId, money: { amount: 4900, currency: 'EUR' }, stage: 'charging' },
  pending: [{ step: 'charge', type: 'payment.process', input: { payerId }, attempts: 1, declines: 0 }],
  stack: ['release seat'],
  pivoted: false,
  timers: { payment: systemClock.now(), deadline: systemClock.now() },
  undoneAs: 'compensated',
  correlationId: 'cor_bench',
})

const messageOf = (type: string, key: string, data: unknown) => ({
  shard: 1,
  key,
  route: type === 'payment.process' ? 'payment' : 'events',
  type,
  envelope: JSON.stringify({
    specversion: '1.0',
    id: ids.next('msg'),
    source: 'edtech.learning',
    time: systemClock.now(),
    subject: key,
    correlationid: 'cor_bench',
    data,
  }),
  writtenAt: systemClock.now(),
})

/** The rows that the other sides write for one enrollment: as many as the command does, and as large. */
export const rowsOf = ({ courseId, courseRunId }: BenchCourse) => {
  const [id, studentId, now] = [ids.next('enr'), ids.next('usr'), systemClock.now()]
  const data = { enrollmentId: id, courseId, courseRunId, studentId, price: { amount: 4900, currency: 'EUR' } }
  const instance = stateOf(id, studentId)
  const { type, status, step } = instance
  return {
    idempotency: { scope: `${studentId}/learning.request_enrollment`, key: ids.next('key') },
    enrollment: {
      id,
      courseId,
      courseRunId,
      studentId,
      status: 'PENDING' as const,
      priceAmount: 4900,
      priceCurrency: 'EUR' as const,
      requestedAt: now,
      version: 1,
    },
    saga: { type, key: id, version: 1, status, step, instance, dueAt: now, startedAt: now, updatedAt: now },
    journal: {
      type,
      key: id,
      n: 1,
      at: now,
      message: 'started',
      messageId: '',
      fromStep: '',
      toStep: step,
      status,
      outputs: ['send charge', 'timer payment'],
      correlationId: 'cor_bench',
    },
    outbox: [messageOf('course.enrollment_requested', id, data), messageOf('payment.process', `saga:${id}`, data)],
    answer: {
      fingerprint: 'q1w2e3r4t5y6u7i8o9p0q1w2e3r4t5y6u7i8o9p0q1w',
      answer: JSON.stringify({ outcome: 'output', output: { enrollmentId: id, courseRunId, status: 'PENDING' } }),
      createdAt: now,
    },
  }
}
