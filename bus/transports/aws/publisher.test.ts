import { describe, expect, test } from 'vitest'
import { decodeEnvelope, MAX_ENVELOPE_BYTES } from '../../envelope.ts'
import { incoming } from '../../testing/envelopes.ts'
import type { Outgoing } from '../transport.ts'
import { unpack } from './packing.ts'
import { createPublisher } from './publisher.ts'
import { Tally } from './testing/emulator.ts'
import { brokenService, type Decide, injectFaults, partial, throttled } from './testing/faults.ts'
import { createStandIn } from './testing/stand-in.ts'

const bodyOf = (id: string, type: string, text: string): string =>
  incoming({ messagekind: 'event', type, id, subject: id, data: { text } }).body

const event = (id: string, { type = Tally.Counted.type, text = '' } = {}): Outgoing => ({
  key: id,
  route: 'events',
  type,
  body: bodyOf(id, type, text),
  attempt: 1,
})
const tick = (id: string, text = ''): Outgoing => event(id, { type: Tally.Ticked.type, text })
const command = (id: string, route = 'shop', text = ''): Outgoing => ({ ...event(id, { text }), route })
const many = <T>(count: number, make: (id: string) => T): T[] => Array.from({ length: count }, (_, n) => make(`m${n}`))

const publishing = async (decide: Decide = () => undefined) => {
  const standIn = await createStandIn((clients) => injectFaults(clients, decide))
  return { ...standIn, publish: createPublisher({ clients: standIn.clients, prefix: 'p', patterns: [Tally] }) }
}

const ACCEPTED = { accepted: true }

describe('events', () => {
  test('leave ten in a call, as their publisher and with their type, the envelope as it is', async () => {
    const { publish, events } = await publishing()
    const messages = many(25, event)
    expect(await publish(messages)).toEqual(messages.map(() => ACCEPTED))
    expect(events.map((entries) => entries.length)).toEqual([10, 10, 5])
    expect(events.flat()).toEqual(
      messages.map(({ body }) => ({
        EventBusName: 'p',
        Source: 'edtech.tally',
        DetailType: 'tally.counted',
        Detail: body,
      })),
    )
  })

  test('leave within 1,000,000 bytes a call', async () => {
    const { publish, events } = await publishing()
    await publish(many(10, (id) => event(id, { text: 'x'.repeat(200_000) })))
    expect(events.map((entries) => entries.length)).toEqual([4, 4, 2])
  })

  test('of a type that nobody publishes are refused, and the rest leaves', async () => {
    const { publish, events } = await publishing()
    const results = await publish([event('a', { type: 'shop.robbed' }), event('b')])
    expect(results).toEqual([
      { accepted: false, refused: true, reason: 'No service publishes "shop.robbed".' },
      ACCEPTED,
    ])
    expect(events.flat()).toHaveLength(1)
  })
})

describe('commands', () => {
  test('leave ten in a call to the queue of their service', async () => {
    const { publish, sent } = await publishing()
    const messages = [...many(12, (id) => command(id)), command('other', 'bank')]
    expect(await publish(messages)).toEqual(messages.map(() => ACCEPTED))
    expect(sent.map(([queue, ...bodies]) => [queue, bodies.length])).toEqual([
      ['p-shop-cmd', 10],
      ['p-shop-cmd', 2],
      ['p-bank-cmd', 1],
    ])
  })

  test('leave within a megabyte a call', async () => {
    const { publish, sent } = await publishing()
    await publish(many(10, (id) => command(id, 'shop', 'x'.repeat(200_000))))
    expect(sent.map(([, ...bodies]) => bodies.length)).toEqual([5, 5])
  })

  test('are written so that SQS takes every character', async () => {
    const { publish, sent } = await publishing()
    await publish([command('a', 'shop', 'a\uFFFEb\uFFFF')])
    const body = sent[0]?.[1] ?? ''
    expect(body).not.toMatch(/[\uFFFE\uFFFF]/)
    expect(decodeEnvelope(body).data).toEqual({ text: 'a\uFFFEb\uFFFF' })
  })

  test('to a queue that does not exist are refused, and the rest leaves', async () => {
    const missing = Object.assign(new Error('no such queue'), { name: 'QueueDoesNotExist' })
    const { publish } = await publishing((name, count) =>
      name === 'GetQueueUrlCommand' && count === 1 ? { kind: 'error', error: missing } : undefined,
    )
    expect(await publish([command('a', 'nowhere'), command('b'), event('c')])).toEqual([
      { accepted: false, refused: true, reason: 'There is no queue "p-nowhere-cmd".' },
      ACCEPTED,
      ACCEPTED,
    ])
  })
})

describe('what fails', () => {
  const isBatch = (name: string): boolean => ['PutEventsCommand', 'SendMessageBatchCommand'].includes(name)

  test.each([
    ['events', event, 'InternalFailure: injected'],
    ['commands', (id: string) => command(id), 'InternalFailure: injected'],
  ])('among %s is told entry by entry, in the order given', async (_what, make, reason) => {
    const failing = [0, 3, 7]
    const { publish } = await publishing((name) => (isBatch(name) ? partial((at) => failing.includes(at)) : undefined))
    const results = await publish(many(8, make))
    expect(results).toEqual(
      Array.from({ length: 8 }, (_, at) => (failing.includes(at) ? { accepted: false, reason } : ACCEPTED)),
    )
  })

  test.each([
    ['throttled', throttled(), 'ThrottlingException: Rate exceeded'],
    ['answered with a fault', brokenService(), 'InternalFailure: 500'],
  ])('as a call that is %s fails its own entries, and is not refused', async (_how, fault, reason) => {
    const { publish } = await publishing((name, count) => (isBatch(name) && count === 1 ? fault : undefined))
    const results = await publish([...many(12, event), ...many(12, (id) => command(id))])
    const expected = Array.from({ length: 12 }, (_, at) => (at < 10 ? { accepted: false, reason } : ACCEPTED))
    expect(results).toEqual([...expected, ...expected])
  })
})

describe('what is too large for a queue', () => {
  const large = (id: string, make = event): Outgoing => ({
    ...make(id),
    body: bodyOf(id, 'tally.counted', 'x'.repeat(300_000)),
  })

  test('waits in the bucket under its id, and a small envelope refers to it', async () => {
    const { publish, events, sent, objects } = await publishing()
    expect(await publish([large('one'), large('two', (id) => command(id))])).toEqual([ACCEPTED, ACCEPTED])
    expect([...objects.keys()]).toEqual(['p-claims/one', 'p-claims/two'])
    expect(JSON.parse(objects.get('p-claims/one') ?? '')).toEqual({ text: 'x'.repeat(300_000) })
    const claim = JSON.parse(events[0]?.[0]?.Detail ?? '')
    expect(claim).toMatchObject({ id: 'one', type: 'tally.counted', dataref: 's3://p-claims/one' })
    expect(claim).not.toHaveProperty('data')
    expect(JSON.parse(sent[0]?.[1] ?? '')).toMatchObject({ id: 'two', dataref: 's3://p-claims/two' })
  })

  test('fails alone where the bucket is away, and may be sent again', async () => {
    const { publish } = await publishing((name) => (name === 'PutObjectCommand' ? brokenService() : undefined))
    expect(await publish([large('one'), event('two')])).toEqual([
      { accepted: false, reason: 'InternalFailure: 500' },
      ACCEPTED,
    ])
  })

  test('is refused when it is too large for any transport', async () => {
    const { publish, objects } = await publishing()
    const text = 'x'.repeat(MAX_ENVELOPE_BYTES)
    expect(await publish([event('one', { text })])).toMatchObject([{ accepted: false, refused: true }])
    expect(objects.size).toBe(0)
  })
})

describe('facts of a packed contract', () => {
  test('share entries by twenty, in the order given', async () => {
    const { publish, events } = await publishing()
    const messages = many(45, (id) => tick(id))
    expect(await publish([event('other'), ...messages])).toEqual([ACCEPTED, ...messages.map(() => ACCEPTED)])
    const packs = events.flat().filter(({ DetailType }) => DetailType === 'tally.ticked')
    expect(packs.map(({ Detail = '' }) => unpack(Detail)?.length)).toEqual([20, 20, 5])
    const unpacked = packs.flatMap(({ Detail = '' }) => unpack(Detail) ?? [])
    expect(unpacked.map(({ body }) => decodeEnvelope(body))).toEqual(messages.map(({ body }) => decodeEnvelope(body)))
    expect(events).toHaveLength(1)
  })

  test('share no entry that would be billed as two', async () => {
    const { publish, events } = await publishing()
    await publish(many(20, (id) => tick(id, 'x'.repeat(9_000))))
    expect(events.flat().map(({ Detail = '' }) => unpack(Detail)?.length)).toEqual([6, 6, 6, 2])
  })

  test('fail together with their entry', async () => {
    const { publish } = await publishing((name) =>
      name === 'PutEventsCommand' ? partial((at) => at === 0) : undefined,
    )
    const results = await publish(many(25, (id) => tick(id)))
    expect(results.map(({ accepted }) => accepted)).toEqual(Array.from({ length: 25 }, (_, at) => at >= 20))
  })
})
