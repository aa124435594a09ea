import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ReplyData } from '../envelope.ts'
import type { IncomingRequest } from '../messaging/dispatcher.ts'
import { Payments } from '../patterns/payment.ts'
import { createManualClock } from '../testing/clock.ts'
import { createTestIds } from '../testing/ids.ts'
import {
  createRequester,
  type Lane,
  OutcomeUnknown,
  Overloaded,
  type RequestOptions,
  ServiceFailed,
} from './requester.ts'
import { createRetries } from './retries.ts'
import { ASKED, REFUND, STATUS } from './testing/cashier.ts'

const overloaded: ReplyData = {
  outcome: 'faulted',
  code: 'OVERLOADED',
  kind: 'unavailable',
  detail: 'Busy.',
  retryAfterMs: 200,
}
const replied: ReplyData = { outcome: 'replied', output: STATUS }

/** A service that is asked, and answers in turn what it is given; the last of it for good. */
const asking = (...outcomes: (ReplyData | Promise<ReplyData> | Error)[]) => {
  const clock = createManualClock()
  const arrived: IncomingRequest[] = []
  const lane: Lane = async (_service, request) => {
    const outcome = outcomes[Math.min(arrived.length, outcomes.length - 1)]
    arrived.push(request)
    if (outcome instanceof Error || !outcome) throw outcome
    return outcome
  }
  const retries = createRetries(() => 0.5)
  const { request } = createRequester({ service: 'learning', lane, clock, ids: createTestIds(), retries })
  const ask = (origin: Partial<RequestOptions['origin']> = {}) =>
    request(Payments.GetPaymentStatus, ASKED, { origin: { correlationId: 'cor_1', ...origin } })
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms)
    await vi.advanceTimersByTimeAsync(ms)
  }
  return { clock, arrived, request, ask, pass }
}

describe('a request that failed', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('is asked again after the pause that the service wants, with the key of its intent and an id of its own', async () => {
    const { ask, arrived, pass } = asking(overloaded, replied)
    const answer = ask()
    await pass(224)
    expect(arrived).toHaveLength(1)
    await pass(1)
    expect(await answer).toEqual(STATUS)
    const [first, second] = arrived
    expect(second).toMatchObject({ idempotencyKey: first?.idempotencyKey, deadline: first?.deadline })
    expect(second?.id).not.toBe(first?.id)
  })

  test('is asked three times at most', async () => {
    const { ask, arrived, pass } = asking(ServiceFailed('payment.get_status', 'UNREACHABLE'))
    const failed = ask().catch((error: unknown) => error)
    await pass(1_000)
    await pass(1_000)
    expect(await failed).toSatisfy(ServiceFailed.is)
    expect(arrived).toHaveLength(3)
  })

  test('is not asked again where no time is left for it', async () => {
    const { clock, request, arrived } = asking(overloaded, replied)
    const deadline = new Date(Date.parse(clock.now()) + 300).toISOString()
    const asked = request(Payments.GetPaymentStatus, ASKED, { origin: { correlationId: 'cor_1' }, deadline })
    await expect(asked).rejects.toSatisfy(Overloaded.is)
    expect(arrived).toHaveLength(1)
  })

  test('is not asked again where a repeat has an effect, or a message caused it that is repeated itself', async () => {
    const { ask, request, arrived } = asking(overloaded)
    const refund = request(Payments.RefundPayment, REFUND, { origin: { correlationId: 'cor_1' } })
    await expect(refund).rejects.toSatisfy(Overloaded.is)
    await expect(ask({ causationId: 'msg_0' })).rejects.toSatisfy(Overloaded.is)
    expect(arrived).toHaveLength(2)
  })

  test('is asked a second time where half of its time brought no answer, and whichever answer comes first counts', async () => {
    const first = Promise.withResolvers<ReplyData>()
    const { ask, arrived, pass } = asking(first.promise, replied)
    const answer = ask()
    await pass(2_499)
    expect(arrived).toHaveLength(1)
    await pass(1)
    expect(await answer).toEqual(STATUS)
    const [lost, second] = arrived
    expect(second).toMatchObject({ idempotencyKey: lost?.idempotencyKey, deadline: lost?.deadline })
    expect(second?.id).not.toBe(lost?.id)
  })

  test('keeps the first answer that comes late, though the second try failed', async () => {
    const first = Promise.withResolvers<ReplyData>()
    const { ask, arrived, pass } = asking(first.promise, ServiceFailed('payment.get_status', 'UNREACHABLE'))
    const answer = ask()
    await pass(2_500)
    expect(arrived).toHaveLength(2)
    first.resolve(replied)
    expect(await answer).toEqual(STATUS)
  })

  test('is not asked a second time where a repeat has an effect', async () => {
    const { request, arrived, pass } = asking(new Promise<ReplyData>(() => undefined))
    const refund = request(Payments.RefundPayment, REFUND, { origin: { correlationId: 'cor_1' } })
    const failed = refund.catch((error: unknown) => error)
    await pass(Payments.RefundPayment.deadlineMs)
    expect(await failed).toSatisfy(OutcomeUnknown.is)
    expect(arrived).toHaveLength(1)
  })

  test('is asked again for a tenth of all requests at most, beside what was saved up', async () => {
    const { ask, arrived, pass } = asking(overloaded)
    const asked = Array.from({ length: 1_000 }, () => ask().catch((error: unknown) => error))
    for (let round = 0; round < 5; round++) await pass(500)
    const outcomes = await Promise.all(asked)
    expect(outcomes.every(Overloaded.is)).toBe(true)
    expect(arrived.length - 1_000).toBeLessThanOrEqual(110)
  })
})
