import { CancelEnrollment } from '#services/learning/commands/cancel-enrollment.ts'
import { RequestEnrollment } from '#services/learning/commands/request-enrollment.ts'
import { RequestRefund } from '#services/payment/commands/request-refund.ts'
import type { Answer } from '../people/client.ts'
import type { Invariant } from './evidence.ts'

const intentOf = ({ caller, type, key }: Pick<Answer, 'caller' | 'type' | 'key'>): string => `${caller} ${type} ${key}`

/** I9: one key, one answer. */
export function* sameKeySameAnswer({ journal }: Parameters<Invariant>[0]): Iterable<string> {
  const answers = Map.groupBy(
    journal.answers.filter(({ key }) => key !== undefined),
    intentOf,
  )
  for (const [intent, told] of answers) {
    const bodies = new Set(told.map(({ body }) => JSON.stringify(body)))
    if (bodies.size > 1) yield `${intent} was answered with ${[...bodies].join(' and ')}`
  }
}

/** I9: one key, one effect. */
export function* sameKeyOneEffect({ world, journal }: Parameters<Invariant>[0]): Iterable<string> {
  const enrollments = journal.attempts.filter(({ type }) => type === RequestEnrollment.type)
  const asked = Map.groupBy(enrollments, ({ caller, input }) => {
    return `${caller} ${RequestEnrollment.input.parse(input).courseRunId}`
  })
  const made = Map.groupBy([...world.learning.enrollments.values()], ({ state }) => {
    return `${state.studentId} ${state.courseRunId}`
  })
  for (const [place, effects] of made) {
    const keys = new Set(asked.get(place)?.map(({ key }) => key))
    if (effects.length > keys.size) yield `${place}: ${keys.size} keys made ${effects.length} enrollments`
  }
  const refunds = journal.attempts.filter(({ type }) => type === RequestRefund.type)
  const refundKeys = Map.groupBy(refunds, ({ input }) => RequestRefund.input.parse(input).paymentId)
  const byHand = [...world.payment.refunds.values()].filter(({ state }) => state.actionId === state.id)
  for (const [paymentId, effects] of Map.groupBy(byHand, ({ state }) => state.paymentId)) {
    const keys = new Set(refundKeys.get(paymentId)?.map(({ key }) => key))
    if (effects.length > keys.size) yield `${paymentId}: ${keys.size} keys made ${effects.length} refunds`
  }
}

/** I11: what was acknowledged has happened. */
export function* promisesAreKept({ world, journal }: Parameters<Invariant>[0]): Iterable<string> {
  for (const { type, outcome, body } of journal.answers) {
    if (outcome !== 'done') continue
    if (type === RequestEnrollment.type) {
      const { enrollmentId } = RequestEnrollment.output.parse(body)
      if (!world.learning.enrollments.has(enrollmentId)) yield `${enrollmentId} was promised and is not there`
    }
    if (type === RequestRefund.type) {
      const { refundId } = RequestRefund.output.parse(body)
      if (!world.payment.refunds.has(refundId)) yield `${refundId} was promised and is not there`
    }
    if (type === CancelEnrollment.type) {
      const { enrollmentId } = CancelEnrollment.output.parse(body)
      const status = world.learning.enrollments.get(enrollmentId)?.state.status
      if (status !== 'CANCELLED' && status !== 'EXPIRED') yield `${enrollmentId} was left and is ${status}`
    }
  }
}
