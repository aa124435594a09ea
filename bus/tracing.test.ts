import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { SECOND } from '#domain/kernel/clock.ts'
import { Payments } from './patterns/payment.ts'
import { Users } from './patterns/user.ts'
import { answer, on } from './messaging/handlers.ts'
import { onFailpoint } from './failpoints.ts'
import { createMemoryLane, createRequester } from './request-reply/requester.ts'
import { Checkout, Clicked } from './sagas/testing/checkout.ts'
import { createTimerSweep } from './sagas/timers.ts'
import { createManualClock } from './testing/clock.ts'
import { incoming } from './testing/envelopes.ts'
import { Counted, ORIGIN } from './testing/fixture.ts'
import { createTestService, outgoing } from './testing/service.ts'
import { recordSpans, spanNumber } from './testing/spans.ts'
import { runInUnitOfWork } from './unit-of-work/run.ts'

const WRITER = '00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01'
const paymentId = 'pay_01890000-0000-7000-8000-000000000001'

const counted = { messagekind: 'event', type: Counted.type, data: { n: 1 }, traceparent: WRITER } as const

/** A service that counts on, and fails as often as it is told to. */
const counter = (failures = 0) => {
  const recorded = recordSpans()
  let left = failures
  const countOn = on(Counted, {}, async ({ data, tx }) => {
    if (left-- > 0) throw new Error('not now')
    tx.publish(Counted, { n: data.n + 1 }, 'next')
  })
  const clock = createManualClock()
  return { ...recorded, ...createTestService({ service: 'ledger', clock, subscribers: { countOn }, ...recorded }) }
}

describe('a message', () => {
  test('is handled in a child of the span that wrote it, and what its handler writes continues from there', async () => {
    const service = counter()
    await service.dispatcher.receive(incoming(counted))
    expect(service.spans).toEqual([{ kind: 'consumer', name: `process ${Counted.type}`, parent: WRITER, links: [] }])
    expect(outgoing(service)).toMatchObject([{ traceparent: spanNumber(1) }])
  })

  test('that is delivered again is handled in another child of the same span', async () => {
    const service = counter(1)
    await expect(service.dispatcher.receive(incoming(counted))).rejects.toThrow('not now')
    await service.dispatcher.receive(incoming(counted, { attempt: 2 }))
    expect(service.spans.map(({ parent }) => parent)).toEqual([WRITER, WRITER])
    expect(outgoing(service)).toMatchObject([{ traceparent: spanNumber(2) }])
  })

  test('keeps the trace of its writer where nothing is traced', async () => {
    const service = createTestService({
      service: 'ledger',
      clock: createManualClock(),
      subscribers: { countOn: on(Counted, {}, async ({ tx }) => tx.publish(Counted, { n: 2 }, 'next')) },
    })
    await service.dispatcher.receive(incoming(counted))
    expect(outgoing(service)).toMatchObject([{ traceparent: WRITER }])
  })
})

describe('a request that waits', () => {
  test('is a client span, and its answer a server span under it', async () => {
    const { spans, inSpan } = recordSpans()
    const clock = createManualClock()
    let seen: string | undefined
    const check = answer(Users.CheckSession, {}, async ({ origin }) => {
      seen = origin.traceparent
      return { active: true }
    })
    const user = createTestService({ service: 'user', clock, responders: [check], inSpan })
    const { lane, register } = createMemoryLane()
    register('user', user.dispatcher.respond)
    const requester = createRequester({ service: 'learning', lane, clock, ids: user.ids, inSpan })
    const sid = Users.CheckSession.input.parse({ sid: 'ses_01890000-0000-7000-8000-000000000001' })
    await requester.request(Users.CheckSession, sid, { origin: { ...ORIGIN, traceparent: WRITER } })
    const name = Users.CheckSession.type
    expect(spans).toEqual([
      { kind: 'client', name, parent: WRITER, links: [] },
      { kind: 'server', name, parent: spanNumber(1), links: [] },
    ])
    expect(seen).toBe(spanNumber(2))
  })
})

afterEach(() => onFailpoint(undefined))

/** A saga that was started in the span `WRITER`. */
const started = async () => {
  const recorded = recordSpans()
  const clock = createManualClock()
  const service = createTestService({ service: 'payment', clock, sagas: [Checkout], ...recorded })
  const { stores, runners } = service
  await runInUnitOfWork(stores.store, clock, { ...ORIGIN, traceparent: WRITER }, async (tx) =>
    service.sagas.start(tx, Checkout, paymentId, { paymentId, clicks: 0 }),
  )
  const click = (traceparent: string) =>
    service.dispatcher.receive(
      incoming({ messagekind: 'event', type: Clicked.type, id: traceparent, data: { paymentId }, traceparent }),
    )
  return {
    ...service,
    ...recorded,
    clock,
    click,
    sweep: createTimerSweep(stores.sagas, runners, clock, recorded.inSpan),
  }
}

describe('a saga', () => {
  test('sends its first request from the span that started it', async () => {
    const saga = await started()
    expect(outgoing(saga)).toMatchObject([{ type: Payments.CreateIntent.type, traceparent: WRITER }])
  })

  test('continues the trace of a message, and links the step to the span that started it', async () => {
    const saga = await started()
    const other = '00-cccccccccccccccccccccccccccccccc-dddddddddddddddd-01'
    await saga.click(other)
    expect(saga.spans).toEqual([{ kind: 'consumer', name: `process ${Clicked.type}`, parent: other, links: [WRITER] }])
  })

  test('fires a timer in the trace that armed it, whatever happened since', async () => {
    const saga = await started()
    await saga.click('00-cccccccccccccccccccccccccccccccc-dddddddddddddddd-01')
    saga.clock.advance(10 * SECOND)
    await saga.sweep()
    expect(saga.spans.at(-1)).toMatchObject({ name: 'timer Checkout.reply:create', parent: WRITER })
    expect(outgoing(saga).at(-1)).toMatchObject({ type: Payments.CreateIntent.type, traceparent: spanNumber(2) })
  })

  test('fires a timer that was armed anew in the trace that armed it last', async () => {
    const saga = await started()
    for (const waitMs of [10 * SECOND, 20 * SECOND]) {
      saga.clock.advance(waitMs)
      await saga.sweep()
    }
    expect(saga.spans.map(({ parent }) => parent)).toEqual([WRITER, spanNumber(1)])
  })

  test('keeps the trace over a restart: a timer that a crash has stopped fires in the same one', async () => {
    const saga = await started()
    saga.clock.advance(10 * SECOND)
    onFailpoint((name) => {
      if (name === 'payment.saga.Checkout.before_timer') throw new Error('killed')
    })
    await expect(saga.sweep()).rejects.toThrow('1 timers of sagas failed.')
    onFailpoint(undefined)
    await saga.sweep()
    expect(saga.spans.map(({ parent }) => parent)).toEqual([WRITER, WRITER])
  })

  test('that nobody traces stores nothing of traces', async () => {
    const clock = createManualClock()
    const { stores, sagas } = createTestService({ service: 'payment', clock, sagas: [Checkout] })
    await runInUnitOfWork(stores.store, clock, ORIGIN, async (tx) =>
      sagas.start(tx, Checkout, paymentId, { paymentId, clicks: 0 }),
    )
    const stored = await stores.sagas.load('Checkout', paymentId)
    expect(Object.keys(z.object({ instance: z.looseObject({}) }).parse(stored).instance)).not.toContain('armedIn')
    expect(stored?.instance).toMatchObject({ timers: { deadline: expect.any(String) } })
    expect(stored?.instance.traceparent).toBeUndefined()
  })
})
