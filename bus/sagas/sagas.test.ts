import { afterEach, describe, expect, test } from 'vitest'
import { addMs, DAY, SECOND } from '#domain/kernel/clock.ts'
import { ConcurrentChange } from '../cqrs/errors.ts'
import type { ReplyData } from '../envelope.ts'
import { onFailpoint } from '../failpoints.ts'
import { Payments } from '../patterns/payment.ts'
import { createManualClock } from '../testing/clock.ts'
import { incoming } from '../testing/envelopes.ts'
import { ORIGIN } from '../testing/fixture.ts'
import { createTestService, outgoing } from '../testing/service.ts'
import { runInUnitOfWork } from '../unit-of-work/run.ts'
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts'
import { SagaBeyondPivot, SagaEnded, SagaNotFound } from './sagas.ts'
import { Checkout, Clicked } from './testing/checkout.ts'
import { createTimerSweep } from './timers.ts'

const paymentId = 'pay_01890000-0000-7000-8000-000000000001'
const answered: ReplyData = { outcome: 'replied', output: { status: 'INITIATED' } }
const fault = (kind: string): ReplyData => ({ outcome: 'faulted', code: 'NO', kind, detail: 'No.' })

const scene = () => {
  const clock = createManualClock()
  const service = createTestService({ service: 'payment', clock, sagas: [Checkout] })
  const { stores, runners, dispatcher } = service
  const within = <T>(work: (tx: UnitOfWork) => Promise<T> | T) =>
    runInUnitOfWork(stores.store, clock, ORIGIN, async (tx) => work(tx))
  let messages = 0
  const reply = (step: string, data: ReplyData, id = `reply_${messages++}`) =>
    dispatcher.receive(
      incoming({ messagekind: 'reply', type: 'any', id, replyref: `Checkout/${paymentId}/${step}`, data }),
    )
  const click = (id: string, data: unknown = { paymentId }) =>
    dispatcher.receive(incoming({ messagekind: 'event', type: Clicked.type, id, data }))
  return {
    ...service,
    clock,
    within,
    reply,
    click,
    start: () => within((tx) => service.sagas.start(tx, Checkout, paymentId, { paymentId, clicks: 0 })),
    sweep: createTimerSweep(stores.sagas, runners, clock),
    load: async () => (await stores.sagas.load('Checkout', paymentId))?.instance,
    journal: async () => (await stores.sagas.journal('Checkout', paymentId)).map(({ message }) => message),
    keys: () => outgoing(service).map(({ type, idempotencykey }) => [type, idempotencykey]),
  }
}

const started = async () => {
  const saga = scene()
  await saga.start()
  return saga
}

afterEach(() => onFailpoint(undefined))

describe('a start', () => {
  test('is part of the unit of work that it is called in', async () => {
    const saga = scene()
    const failing = saga.within((tx) => {
      saga.sagas.start(tx, Checkout, paymentId, { paymentId, clicks: 0 })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await saga.load()).toBeUndefined()
    expect(outgoing(saga)).toEqual([])
  })

  test('sends its request with a key of its own and the address for the answer', async () => {
    const saga = await started()
    expect(outgoing(saga)).toMatchObject([
      {
        messagekind: 'request',
        type: Payments.CreateIntent.type,
        subject: `Checkout:${paymentId}`,
        idempotencykey: `Checkout:${paymentId}:create`,
        replyto: 'payment',
        replyref: `Checkout/${paymentId}/create`,
        data: { paymentId },
      },
    ])
  })

  test('happens once per business key', async () => {
    const saga = await started()
    await expect(saga.start()).rejects.toSatisfy(ConcurrentChange.is)
    expect(outgoing(saga)).toHaveLength(1)
  })
})

describe('a message', () => {
  test('moves its instance on, and the journal says how', async () => {
    const saga = await started()
    await saga.reply('create', answered, 'msg_9')
    await saga.reply('sync', answered)
    expect(await saga.load()).toMatchObject({ status: 'completed' })
    expect(await saga.stores.sagas.journal('Checkout', paymentId)).toMatchObject([
      { message: 'started', fromStep: '', toStep: 'create', outputs: ['send create'] },
      { message: 'replied create', messageId: 'msg_9', fromStep: 'create', toStep: 'sync', outputs: ['send sync'] },
      { message: 'replied sync', status: 'completed', outputs: ['completed'] },
    ])
  })

  test('that arrives again takes no effect', async () => {
    const saga = await started()
    await saga.click('msg_1')
    await saga.click('msg_1')
    expect(await saga.load()).toMatchObject({ state: { clicks: 1 } })
    expect(await saga.journal()).toEqual(['started', 'event checkout.clicked'])
    expect(saga.told).toContain('payment/saga:Checkout suppressed a duplicate')
  })

  test('meets others at one instance, and none is lost', async () => {
    const saga = await started()
    await Promise.all(['msg_1', 'msg_2', 'msg_3', 'msg_4'].map((id) => saga.click(id)))
    expect(await saga.load()).toMatchObject({ state: { clicks: 4 } })
  })

  test('for an instance that is gone changes nothing', async () => {
    const saga = scene()
    await saga.reply('create', answered)
    await saga.click('msg_1')
    expect(await saga.load()).toBeUndefined()
    expect(await saga.stores.deadLetters.list(undefined, 10)).toEqual([])
  })

  test('that is none of its business changes nothing', async () => {
    const saga = await started()
    await saga.click('msg_1', {})
    expect(await saga.journal()).toEqual(['started'])
  })

  test.each([
    ['before_step', ['started']],
    ['after_step', ['started', 'replied create']],
  ])('whose process dies at %s takes effect once when it comes again', async (place, left) => {
    const saga = await started()
    onFailpoint((at) => {
      if (at === `payment.saga.Checkout.${place}`) throw new Error('killed')
    })
    await expect(saga.reply('create', answered, 'msg_9')).rejects.toThrow('killed')
    expect(await saga.journal()).toEqual(left)
    onFailpoint(undefined)
    await saga.reply('create', answered, 'msg_9')
    expect(await saga.journal()).toEqual(['started', 'replied create'])
    expect(saga.keys()).toHaveLength(2)
  })
})

describe('a request that must be sent again', () => {
  const create = [Payments.CreateIntent.type, `Checkout:${paymentId}:create`]

  test.each(['unavailable', 'internal', 'rate_limited'])('after a fault of kind %s keeps its key', async (kind) => {
    const saga = await started()
    await saga.reply('create', fault(kind))
    saga.clock.advance(10 * SECOND)
    expect(await saga.sweep()).toBe(1)
    expect(saga.keys()).toEqual([create, create])
  })

  test('is sent once where two sweepers meet', async () => {
    const saga = await started()
    saga.clock.advance(10 * SECOND)
    await Promise.all([saga.sweep(), saga.sweep()])
    expect(saga.keys()).toEqual([create, create])
  })

  test('waits for its instant', async () => {
    const saga = await started()
    saga.clock.advance(10 * SECOND - 1)
    expect(await saga.sweep()).toBe(0)
    expect(saga.keys()).toEqual([create])
  })

  test('by a person keeps its key, and gets a new one after a definite decline', async () => {
    const saga = await started()
    await saga.within((tx) => saga.sagas.retry(tx, 'Checkout', paymentId))
    await saga.reply('create', fault('conflict'))
    await saga.reply('cancel', fault('conflict'))
    expect(await saga.load()).toMatchObject({ status: 'parked', fault: { code: 'NO' } })
    await saga.within((tx) => saga.sagas.retry(tx, 'Checkout', paymentId))
    expect(saga.keys()).toEqual([
      create,
      create,
      [Payments.CancelIntent.type, `Checkout:${paymentId}:cancel`],
      [Payments.CancelIntent.type, `Checkout:${paymentId}:cancel:2`],
    ])
    await saga.reply('cancel', answered)
    expect(await saga.load()).toMatchObject({ status: 'compensated' })
  })
})

describe('a cancel', () => {
  const cancelled = (saga: ReturnType<typeof scene>) =>
    saga.within((tx) => saga.sagas.cancel(tx, 'Checkout', paymentId))

  test('before the pivot turns the instance back', async () => {
    const saga = await started()
    await cancelled(saga)
    await saga.reply('cancel', answered)
    expect(await saga.load()).toMatchObject({ status: 'cancelled', fault: { code: 'SAGA_CANCELLED' } })
    await expect(cancelled(saga)).rejects.toSatisfy(SagaEnded.is)
  })

  test('while it is being undone changes nothing', async () => {
    const saga = await started()
    await cancelled(saga)
    const [undone, keys] = [await saga.load(), saga.keys()]
    await cancelled(saga)
    expect([await saga.load(), saga.keys()]).toEqual([undone, keys])
  })

  test('after the pivot is refused', async () => {
    const saga = await started()
    await saga.reply('create', answered)
    await expect(cancelled(saga)).rejects.toSatisfy(SagaBeyondPivot.is)
    expect(await saga.load()).toMatchObject({ status: 'running' })
  })

  test('of an unknown instance or type is refused', async () => {
    const saga = scene()
    await expect(cancelled(saga)).rejects.toSatisfy(SagaNotFound.is)
    await expect(saga.within((tx) => saga.sagas.cancel(tx, 'Trip', paymentId))).rejects.toSatisfy(SagaNotFound.is)
  })
})

describe('due timers', () => {
  test('fire beside one of an older instance that fails, which is told of', async () => {
    const saga = scene()
    await saga.start()
    const loaded = await saga.stores.sagas.load('Checkout', paymentId)
    if (!loaded) throw new Error('It was not started.')
    const gone = loaded.instance.pending.map((pending) => ({ ...pending, type: 'payment.gone' }))
    const [entry] = await saga.stores.sagas.journal('Checkout', paymentId)
    if (!entry) throw new Error('It has no journal.')
    const broken = { ...loaded.instance, key: 'broken', pending: gone, timers: { 'reply:create': saga.clock.now() } }
    await saga.within((tx) => saga.stores.sagas.save(tx, { instance: broken, version: 0, entry }))
    saga.clock.advance(10 * SECOND)
    await expect(saga.sweep()).rejects.toThrow('1 timers of sagas failed.')
    expect(saga.keys()).toHaveLength(2)
  })

  test('fire behind more of an unknown saga type than one sweep looks at', async () => {
    const saga = await started()
    const loaded = await saga.stores.sagas.load('Checkout', paymentId)
    const [entry] = await saga.stores.sagas.journal('Checkout', paymentId)
    if (!loaded || !entry) throw new Error('It was not started.')
    for (const key of ['x', 'y', 'z']) {
      const strange = { ...loaded.instance, type: 'Gone', key, timers: { nudge: saga.clock.now() } }
      await saga.within((tx) => saga.stores.sagas.save(tx, { instance: strange, version: 0, entry }))
    }
    saga.clock.advance(10 * SECOND)
    const sweep = createTimerSweep(saga.stores.sagas, saga.runners, saga.clock, undefined, 2)
    expect([await sweep(), await sweep()]).toEqual([0, 1])
    expect(saga.keys()).toHaveLength(2)
  })

  test('of a saga type that this release does not know do not keep the sweep busy', async () => {
    const saga = await started()
    saga.clock.advance(DAY)
    const sweep = createTimerSweep(saga.stores.sagas, [], saga.clock)
    expect(await sweep()).toBe(0)
  })
})

test('a retry of what has ended is refused', async () => {
  const saga = await started()
  await saga.reply('create', answered)
  await saga.reply('sync', answered)
  const retry = saga.within((tx) => saga.sagas.retry(tx, 'Checkout', paymentId))
  await expect(retry).rejects.toSatisfy(SagaEnded.is)
})

test('an instance without an end is turned back at its deadline', async () => {
  const saga = await started()
  const deadline = addMs(saga.clock.now(), DAY)
  saga.clock.advance(DAY)
  await saga.sweep()
  expect(await saga.load()).toMatchObject({ status: 'compensating', updatedAt: deadline })
  expect(saga.keys().at(-1)).toEqual([Payments.CancelIntent.type, `Checkout:${paymentId}:cancel`])
})
