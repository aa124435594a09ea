import { afterEach, describe, expect, test, vi } from 'vitest'
import { addMs, systemClock } from '#domain/kernel/clock.ts'
import { type Envelope, encodeEnvelope } from '../../envelope.ts'
import { createMemoryReplySlots } from '../../memory/reply-slots.ts'
import { Payments } from '../../patterns/payment.ts'
import { Users } from '../../patterns/user.ts'
import { createTestIds } from '../../testing/ids.ts'
import { laneConformance } from '../conformance.ts'
import { createRequester, OutcomeUnknown, type Respond, ServiceFailed } from '../requester.ts'
import { ASKED, createCashier, REFUND, STATUS } from '../testing/cashier.ts'
import { type Containers, openContainers, SLOTS, tokenOf } from './testing/containers.ts'
import { createMemoryQueues } from './testing/memory-queues.ts'

laneConformance({
  name: 'through queues',
  open: async (respond) => openContainers(respond, { queues: createMemoryQueues() }),
})

/** The concurrent calls of the test with lost and doubled replies; all of them in the full run. */
const CALLS = process.env['SIMULATION_SEEDS'] === undefined ? 1_000 : 10_000
const wait = { timeout: 20_000 }

describe('the sqs lane', () => {
  const opened: { close(): Promise<void> }[] = []
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(({ close }) => close()))
  })

  const started = (respond: Respond = createCashier().dispatcher.respond, parts: Partial<Containers> = {}) => {
    const queues = createMemoryQueues()
    const containers = openContainers(respond, { queues, ...parts })
    opened.push(containers)
    const { request } = createRequester({
      service: 'learning',
      lane: containers.lane,
      clock: systemClock,
      ids: createTestIds(),
    })
    const origin = { correlationId: 'cor_1' }
    const ask = (timeMs = 5_000) =>
      request(Payments.GetPaymentStatus, ASKED, { origin, deadline: addMs(systemClock.now(), timeMs) })
    return { ...containers, queues, request, ask }
  }

  const requestTo = async (changes: Partial<Envelope> = {}): Promise<string> =>
    encodeEnvelope({
      specversion: '1.0',
      id: 'msg_forged',
      messagekind: 'request',
      type: Payments.GetPaymentStatus.type,
      source: 'edtech.learning',
      time: systemClock.now(),
      subject: 'msg_forged',
      dataversion: 1,
      correlationid: 'cor_1',
      replyto: 'learning-reply-0',
      replyref: '1/msg_forged',
      sendertoken: await tokenOf('learning')('payment'),
      deadline: addMs(systemClock.now(), 5_000),
      idempotencykey: 'key-1',
      data: ASKED,
      ...changes,
    })

  const reply = (changes: Partial<Envelope>): string =>
    encodeEnvelope({
      specversion: '1.0',
      id: 'msg_reply',
      messagekind: 'reply',
      type: Payments.GetPaymentStatus.type,
      source: 'edtech.payment',
      time: systemClock.now(),
      subject: 'a',
      dataversion: 1,
      correlationid: 'cor_1',
      data: { outcome: 'replied', output: STATUS },
      ...changes,
    })

  test(`settles each of ${CALLS} calls at once, of whose replies 1 % are lost and 1 % come twice, and none twice`, async () => {
    let sent = 0
    const copies = (queue: string): number => {
      if (!queue.includes('-reply-')) return 1
      sent++
      if (sent % 100 === 0) return 0
      return sent % 100 === 50 ? 2 : 1
    }
    const queues = createMemoryQueues(copies)
    const { lane, told } = started(undefined, { queues, capacity: CALLS })
    const settled = new Map<number, number>()
    const signals = new AbortController()
    const { type } = Payments.GetPaymentStatus
    const outcomes = Array.from({ length: CALLS }, async (_, n) => {
      const id = `msg_${n}`
      const call = { type, data: ASKED, from: 'learning', id, idempotencyKey: id, origin: { correlationId: 'cor_1' } }
      const outcome = await lane(
        'payment',
        { ...call, deadline: addMs(systemClock.now(), 60_000) },
        signals.signal,
      ).then(
        () => 'replied',
        (error: unknown) => (OutcomeUnknown.is(error) ? 'unknown' : String(error)),
      )
      settled.set(n, (settled.get(n) ?? 0) + 1)
      return outcome
    })
    await vi.waitFor(() => expect(settled.size).toBe(CALLS * 0.99), wait)
    // The deadline of those whose reply was lost.
    signals.abort()
    const counted = await Promise.all(outcomes)
    expect(counted.filter((outcome) => outcome === 'replied')).toHaveLength(CALLS * 0.99)
    expect(counted.filter((outcome) => outcome === 'unknown')).toHaveLength(CALLS * 0.01)
    expect(new Set(settled.values())).toEqual(new Set([1]))
    await vi.waitFor(() => expect(told).toEqual(Array.from({ length: CALLS * 0.01 }, () => 'duplicate reply')), wait)
  })

  test('counts a reply that is too late, whose request has an unknown outcome', async () => {
    const late = Promise.withResolvers<void>()
    const { ask, told } = started(createCashier({ status: () => late.promise }).dispatcher.respond)
    await expect(ask(200)).rejects.toSatisfy(OutcomeUnknown.is)
    late.resolve()
    await vi.waitFor(() => expect(told).toEqual(['late reply']), wait)
  })

  test('sends a lost reply of what has an effect again, from the store', async () => {
    let lost = 0
    const queues = createMemoryQueues((queue) => (queue.includes('-reply-') && lost++ === 0 ? 0 : 1))
    const cashier = createCashier()
    const { request } = started(cashier.dispatcher.respond, { queues })
    const options = { origin: { correlationId: 'cor_1' }, idempotencyKey: 'key-1' }
    const first = request(Payments.RefundPayment, REFUND, { ...options, deadline: addMs(systemClock.now(), 200) })
    await expect(first).rejects.toSatisfy(OutcomeUnknown.is)
    const { refundId } = await request(Payments.RefundPayment, REFUND, options)
    expect(refundId.endsWith('1')).toBe(true)
    expect(cashier.told).toEqual(['payment/payment.refund suppressed a duplicate'])
  })

  test('answers a request that is delivered twice, once more', async () => {
    const { queues, names } = started()
    const twice = await requestTo()
    queues.put(names.requests('payment'), twice)
    queues.put(names.requests('payment'), twice)
    await vi.waitFor(() => expect(queues.bodies(names.replies('learning', 0))).toHaveLength(2), wait)
  })

  test.each([
    ['of another service', { replyto: 'user-reply-0' }],
    ['that is no slot', { replyto: 'payment-evt' }],
    ['beyond the pool', { replyto: `learning-reply-${SLOTS}` }],
  ])('writes to no address %s', async (_, changes) => {
    let asked = 0
    const { queues, names, told } = started(createCashier({ status: () => void asked++ }).dispatcher.respond)
    queues.put(names.requests('payment'), await requestTo(changes))
    await vi.waitFor(() => expect(told).toEqual(['payment.get_status misdirected']), wait)
    expect(asked).toBe(0)
  })

  test.each([
    ['without a token', async () => ({ sendertoken: undefined })],
    ['with the token of another service', async () => ({ sendertoken: await tokenOf('user')('payment') })],
    ['with a token for another service', async () => ({ sendertoken: await tokenOf('learning')('user') })],
    ['that calls itself another service', async () => ({ source: 'edtech.user' as const, replyto: 'user-reply-0' })],
  ])('does nothing for a request %s', async (_, changes) => {
    let asked = 0
    const { queues, names, told } = started(createCashier({ status: () => void asked++ }).dispatcher.respond)
    queues.put(names.requests('payment'), await requestTo(await changes()))
    await vi.waitFor(() => expect(told).toEqual(['payment.get_status forged']), wait)
    expect([asked, queues.bodies(names.replies('learning', 0))]).toEqual([0, []])
  })

  test('drops what is no request, and a request whose time is over', async () => {
    const { queues, names, told } = started()
    queues.put(names.requests('payment'), 'nonsense')
    queues.put(names.requests('payment'), await requestTo({ deadline: addMs(systemClock.now(), -1) }))
    await vi.waitFor(() => expect(told).toEqual(['unreadable unreadable', 'payment.get_status expired']), wait)
  })

  test('never puts what is sensitive into a queue, and answers nothing sensitive that lies in one', async () => {
    const { request, queues, names } = started()
    const contact = request(
      Users.GetUserContact,
      { userId: 'usr_01950000-0000-7000-8000-000000000001' },
      {
        origin: { correlationId: 'cor_1' },
      },
    )
    await expect(contact).rejects.toSatisfy(ServiceFailed.is)
    expect(queues.bodies(names.requests('user'))).toEqual([])
    queues.put(names.requests('payment'), await requestTo({ type: Users.GetUserContact.type }))
    await vi.waitFor(() => expect(queues.bodies(names.replies('learning', 0))[0]).toContain('UNIMPLEMENTED'), wait)
  })

  test.each([
    ['to an earlier lessee of the slot', 'epoch reply', { replyref: '0/msg_1' }],
    ['that nobody waits for', 'unknown reply', { replyref: '1/msg_1' }],
    ['that is none', 'unreadable reply', { replyref: undefined }],
  ])('drops a reply %s', async (_, line, changes) => {
    const { ask, queues, names, told } = started()
    await ask()
    queues.put(names.replies('learning', 0), reply(changes))
    await vi.waitFor(() => expect(told).toEqual([line]), wait)
  })

  test('takes no reply from a service that was not asked', async () => {
    const busy = Promise.withResolvers<void>()
    const asked: string[] = []
    const respond = createCashier({ status: () => busy.promise }).dispatcher.respond
    const { ask, queues, names, told } = started((request, signal) => {
      asked.push(request.id)
      return respond(request, signal)
    })
    const answer = ask()
    await vi.waitFor(() => expect(asked).toHaveLength(1), wait)
    const output = { ...STATUS, status: 'FAILED' }
    queues.put(
      names.replies('learning', 0),
      reply({ source: 'edtech.user', replyref: `1/${asked[0]}`, data: { outcome: 'replied', output } }),
    )
    await vi.waitFor(() => expect(told).toEqual(['forged reply']), wait)
    busy.resolve()
    expect(await answer).toEqual(STATUS)
  })

  test('leaves the replies of a later lessee to that one, and gives the slot up', async () => {
    const { ask, queues, names, told } = started()
    await ask()
    queues.put(names.replies('learning', 0), reply({ replyref: '2/msg_1' }))
    await vi.waitFor(() => expect(told).toEqual(['slot lost']), wait)
    await vi.waitFor(() => expect(queues.bodies(names.replies('learning', 0))).toHaveLength(1), wait)
  })

  test('polls for replies while requests are in flight and a while after, and not before', async () => {
    const busy = Promise.withResolvers<void>()
    const cashier = createCashier({ status: () => busy.promise })
    const { ask, queues, names } = started(cashier.dispatcher.respond, { lane: { idleMs: 20 } })
    const polled = () => queues.consumed().includes(names.replies('learning', 0))
    expect(polled()).toBe(false)
    const answer = ask()
    await vi.waitFor(() => expect(polled()).toBe(true), wait)
    busy.resolve()
    await answer
    await vi.waitFor(() => expect(polled()).toBe(false), wait)
    expect(await ask()).toEqual(STATUS)
  })

  test('drains: takes nothing more, waits for what is in flight, and gives the slot back', async () => {
    const slots = createMemoryReplySlots(1)
    const busy = Promise.withResolvers<void>()
    let begun = 0
    const respond = createCashier({
      status: () => {
        begun++
        return busy.promise
      },
    }).dispatcher.respond
    const { ask, drain, ready } = started(respond, { slots })
    const inFlight = ask()
    await vi.waitFor(() => expect(begun).toBe(1), wait)
    const drained = drain(10_000)
    expect(await ready()).toBe(false)
    await expect(ask()).rejects.toSatisfy(ServiceFailed.is)
    busy.resolve()
    expect(await inFlight).toEqual(STATUS)
    await drained
    const now = systemClock.now()
    expect(await slots.take(now, addMs(now, 1))).toEqual({ slot: 0, epoch: 2 })
  })

  test('has no lane without a free slot', async () => {
    const { ready, ask } = started(undefined, { slots: createMemoryReplySlots(0) })
    expect(await ready()).toBe(false)
    await expect(ask()).rejects.toThrow('no reply slot is free')
  })
})
