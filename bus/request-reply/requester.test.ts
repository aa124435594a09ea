import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { addMs } from '#domain/kernel/clock.ts'
import { RunNotFound } from '#domain/learning/errors.ts'
import type { ReplyData } from '../envelope.ts'
import type { IncomingRequest } from '../messaging/dispatcher.ts'
import { Learning } from '../patterns/learning.ts'
import { createManualClock } from '../testing/clock.ts'
import { ORIGIN } from '../testing/fixture.ts'
import { createTestIds } from '../testing/ids.ts'
import {
  createMemoryLane,
  createRequester,
  DeadlinePassed,
  OutcomeUnknown,
  type RequestOptions,
  ServiceFailed,
} from './requester.ts'

const { GetOffer } = Learning
const courseRunId = 'run_01890000-0000-7000-8000-000000000001'
const offer = { price: { amount: 4_900, currency: 'EUR' }, seatsLeft: 3, open: true }
const replied: ReplyData = { outcome: 'replied', output: offer }
const faulted = (code: string): ReplyData => ({ outcome: 'faulted', code, kind: 'not_found', detail: 'It is gone.' })

/** A service that asks another, and what arrived there. */
const asking = (respond: () => Promise<ReplyData> = async () => replied) => {
  const clock = createManualClock()
  const { lane, register } = createMemoryLane()
  const arrived: IncomingRequest[] = []
  register('learning', (request) => {
    arrived.push(request)
    return respond()
  })
  const { request } = createRequester({ service: 'tally', lane, clock, ids: createTestIds() })
  const ask = (options: Partial<RequestOptions> = {}) =>
    request(GetOffer, { courseRunId }, { origin: ORIGIN, ...options })
  return { clock, arrived, ask, in: (ms: number) => addMs(clock.now(), ms) }
}

describe('a request', () => {
  test('is answered by the service that its patterns name', async () => {
    const service = asking()
    expect(await service.ask()).toEqual(offer)
    const [request] = service.arrived
    expect(request).toMatchObject({
      type: 'course.get_offer',
      data: { courseRunId },
      from: 'tally',
      idempotencyKey: request?.id,
      deadline: service.in(GetOffer.deadlineMs),
      origin: { ...ORIGIN, causationId: request?.id },
    })
  })

  test('keeps the key of its intent, and has an id of its own at every try', async () => {
    const service = asking()
    await service.ask({ idempotencyKey: 'key-1' })
    await service.ask({ idempotencyKey: 'key-1' })
    expect(service.arrived.map(({ idempotencyKey }) => idempotencyKey)).toEqual(['key-1', 'key-1'])
    expect(new Set(service.arrived.map(({ id }) => id)).size).toBe(2)
  })

  test('meets the error that its message declares', async () => {
    const refused = asking(async () => faulted(RunNotFound.code)).ask()
    await expect(refused).rejects.toSatisfy(RunNotFound.is)
    await expect(refused).rejects.toThrow('It is gone.')
  })

  test('meets no error that its message does not declare', async () => {
    await expect(asking(async () => faulted('OTHER')).ask()).rejects.toSatisfy(ServiceFailed.is)
  })

  test('does not trust an answer that breaks the contract', async () => {
    const service = asking(async () => ({ outcome: 'replied', output: { ...offer, seatsLeft: -1 } }))
    await expect(service.ask()).rejects.toThrow('seatsLeft')
  })

  test('to a service that does not run fails at once', async () => {
    const { lane } = createMemoryLane()
    const parts = { service: 'tally', lane, clock: createManualClock(), ids: createTestIds() }
    const refused = createRequester(parts).request(GetOffer, { courseRunId }, { origin: ORIGIN })
    await expect(refused).rejects.toSatisfy(ServiceFailed.is)
  })
})

describe('the deadline of a request', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('ends the waiting, not the work: its outcome is unknown, and a late answer changes nothing', async () => {
    const late = Promise.withResolvers<ReplyData>()
    const outcome = asking(() => late.promise)
      .ask()
      .catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(GetOffer.deadlineMs)
    expect(await outcome).toSatisfy(OutcomeUnknown.is)
    late.reject(new Error('too late'))
    await vi.advanceTimersByTimeAsync(1)
  })

  test('leaves no timer behind an answer', async () => {
    await asking().ask()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is what is left of the caller’s own, less what the caller needs itself', async () => {
    const service = asking()
    await service.ask({ deadline: service.in(1_000) })
    await service.ask({ deadline: service.in(GetOffer.deadlineMs + 60_000) })
    expect(service.arrived.map(({ deadline }) => deadline)).toEqual([service.in(950), service.in(GetOffer.deadlineMs)])
  })

  test('refuses to ask at all where too little is left', async () => {
    const service = asking()
    await expect(service.ask({ deadline: service.in(79) })).rejects.toSatisfy(DeadlinePassed.is)
    expect(service.arrived).toEqual([])
    await service.ask({ deadline: service.in(80) })
    expect(service.arrived).toHaveLength(1)
  })
})
