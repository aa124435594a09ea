import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { addMs } from '#domain/kernel/clock.ts'
import { domainError } from '#domain/kernel/errors.ts'
import { message } from '#domain/kernel/message.ts'
import { ConcurrentChange, Unavailable } from '../cqrs/errors.ts'
import { createManualClock } from '../testing/clock.ts'
import { incoming } from '../testing/envelopes.ts'
import { createTestService, outgoing } from '../testing/service.ts'
import { answer, answerWithCall, type Responder } from './handlers.ts'

const Sold = domainError('SOLD', 'conflict', (n: number) => `Number ${n} is sold.`)
const Buy = message('shop.buy', {
  input: z.object({ n: z.int() }),
  output: z.object({ receipt: z.string() }),
  errors: [Sold],
})
const Restock = message('shop.restock', { input: z.object({}), output: z.object({}), audience: 'self' })
const Price = message('shop.price', {
  input: z.object({ n: z.int() }),
  output: z.object({ price: z.int() }),
  idempotent: true,
})

const request = (changes: { type?: string; id?: string; data?: unknown; source?: `edtech.${string}` } = {}) =>
  ({
    messagekind: 'request',
    type: Buy.type,
    id: 'msg_1',
    idempotencykey: 'key-1',
    replyto: 'tally',
    replyref: 'Trip/a/buy',
    data: { n: 1 },
    ...changes,
  }) as const

/** A shop whose every sale gets a receipt of its own. */
const shop = (sell: (n: number) => void = () => undefined, more: readonly Responder[] = []) => {
  const clock = createManualClock()
  const sales: number[] = []
  const responders = [
    answer(Buy, {}, async ({ data }) => {
      sales.push(data.n)
      sell(data.n)
      return { receipt: `receipt ${sales.length}` }
    }),
    answer(Restock, {}, async () => ({})),
    answer(Price, {}, async ({ data }) => ({ price: data.n * 100 })),
    ...more,
  ]
  return { clock, sales, ...createTestService({ service: 'shop', clock, responders }) }
}
const replies = (service: ReturnType<typeof shop>) => outgoing(service).map(({ data }) => data)

describe('a request', () => {
  test('is answered to the service that asked, with its reference', async () => {
    const service = shop()
    await service.dispatcher.receive(incoming(request()))
    expect(outgoing(service)).toMatchObject([
      {
        messagekind: 'reply',
        type: Buy.type,
        source: 'edtech.shop',
        subject: 'a',
        replyref: 'Trip/a/buy',
        correlationid: 'cor_1',
        causationid: 'msg_1',
        data: { outcome: 'replied', output: { receipt: 'receipt 1' } },
      },
    ])
    expect(service.stores.state.outbox).toMatchObject([{ route: 'tally', key: 'a' }])
  })

  test('whose answer would go to somebody else takes no effect, and is kept as a dead letter', async () => {
    const service = shop()
    const forged = { ...request(), replyto: 'payment' }
    await expect(service.dispatcher.receive(incoming(forged))).rejects.toThrow('which did not ask')
    await service.dispatcher.receive(incoming(forged, { lastAttempt: true }))
    expect([service.sales, outgoing(service)]).toEqual([[], []])
    expect(await service.stores.deadLetters.list(undefined, 10)).toMatchObject([{ consumer: 'shop/requests' }])
  })

  test('that comes again under the same key takes no effect and gets the same bytes', async () => {
    const service = shop()
    await service.dispatcher.receive(incoming(request()))
    await service.dispatcher.receive(incoming(request()))
    await service.dispatcher.receive(incoming(request({ id: 'msg_2' })))
    const [first, ...others] = replies(service).map((data) => JSON.stringify(data))
    expect(others).toEqual([first, first])
    expect(service.told.filter((line) => line.includes('duplicate'))).toHaveLength(2)
  })

  test('under two ids at the same time takes effect once, and both get the one answer', async () => {
    const service = shop()
    await Promise.all(['msg_1', 'msg_2'].map((id) => service.dispatcher.receive(incoming(request({ id })))))
    const [first, second] = replies(service)
    expect(second).toEqual(first)
  })

  test('that is refused gets a faulted reply, for good', async () => {
    let sold = true
    const service = shop((n) => {
      if (sold) throw Sold(n)
    })
    await service.dispatcher.receive(incoming(request()))
    sold = false
    await service.dispatcher.receive(incoming(request({ id: 'msg_2' })))
    const fault = { outcome: 'faulted', code: 'SOLD', kind: 'conflict', detail: 'Number 1 is sold.' }
    expect(replies(service)).toEqual([fault, fault])
  })

  test('whose input does not fit is refused with a typed fault', async () => {
    const service = shop()
    await service.dispatcher.receive(incoming(request({ data: { n: 'one' } })))
    expect(replies(service)).toMatchObject([{ outcome: 'faulted', code: 'INVALID_INPUT' }])
    expect(service.sales).toEqual([])
  })

  test.each([
    ['a failure', new Error('disk full')],
    ['a store out of reach', Unavailable('The database')],
    ['a state that kept changing', ConcurrentChange('A row')],
    ['a row that does not parse', z.int().safeParse('no').error],
  ])('that meets %s gets no reply and comes again', async (_what, error) => {
    const service = shop(() => {
      throw error
    })
    await expect(service.dispatcher.receive(incoming(request()))).rejects.toBe(error)
    expect(replies(service)).toEqual([])
    expect(service.stores.state.inbox.size).toBe(0)
  })

  test('that fails for good is a dead letter', async () => {
    const service = shop(() => {
      throw new Error('disk full')
    })
    await service.dispatcher.receive(incoming(request(), { attempt: 8, lastAttempt: true }))
    expect(await service.stores.deadLetters.list(undefined, 10)).toMatchObject([
      { consumer: 'shop/requests', reason: 'Error: disk full' },
    ])
  })

  test('of an unknown type gets a typed answer', async () => {
    const service = shop()
    await service.dispatcher.receive(incoming(request({ type: 'shop.steal' })))
    expect(replies(service)).toMatchObject([{ outcome: 'faulted', code: 'UNIMPLEMENTED' }])
  })

  test('of an unknown type that wants no reply is not lost', async () => {
    const service = shop()
    const silent = { ...request({ type: 'shop.steal' }), replyto: undefined }
    await service.dispatcher.receive(incoming(silent, { attempt: 8, lastAttempt: true }))
    expect(await service.stores.deadLetters.list(undefined, 10)).toMatchObject([{ type: 'shop.steal' }])
  })

  test('to the service itself is refused from another, and its key stays free for the service', async () => {
    const service = shop()
    await service.dispatcher.receive(incoming(request({ type: Restock.type, data: {} })))
    expect(replies(service)).toMatchObject([{ outcome: 'faulted', code: 'SENDER_REFUSED' }])
    const own = request({ type: Restock.type, data: {}, source: 'edtech.shop' })
    await service.dispatcher.receive(incoming({ ...own, replyto: 'shop' }))
    expect(replies(service)[1]).toEqual({ outcome: 'replied', output: {} })
  })

  test('past its deadline is dropped: nobody waits for the reply', async () => {
    const service = shop()
    const deadline = addMs(service.clock.now(), 1_000)
    service.clock.advance(999)
    await service.dispatcher.receive(incoming({ ...request(), deadline }))
    expect(service.sales).toEqual([1])
    service.clock.advance(1)
    await service.dispatcher.receive(incoming({ ...request({ id: 'msg_2' }), idempotencykey: 'key-2', deadline }))
    expect(service.sales).toEqual([1])
    expect(replies(service)).toHaveLength(1)
    expect(service.told).toContain('shop.buy expired')
  })

  test('that only reads leaves nothing in the inbox', async () => {
    const service = shop()
    await service.dispatcher.receive(incoming(request({ type: Price.type })))
    await service.dispatcher.receive(incoming(request({ type: Price.type })))
    expect(replies(service)).toEqual(Array.from({ length: 2 }, () => ({ outcome: 'replied', output: { price: 100 } })))
    expect(service.stores.state.inbox.size).toBe(0)
  })

  test('by a lane that carries the answer itself is answered there', async () => {
    const service = shop()
    const call = { type: Buy.type, data: { n: 1 }, from: 'tally', id: 'msg_1', idempotencyKey: 'key-1' }
    const origin = { correlationId: 'cor_1' }
    const first = await service.dispatcher.respond({ ...call, origin })
    expect(first).toEqual({ outcome: 'replied', output: { receipt: 'receipt 1' } })
    expect(await service.dispatcher.respond({ ...call, id: 'msg_2', origin })).toEqual(first)
    expect(outgoing(service)).toEqual([])
  })
})

describe('a handler in two phases', () => {
  const Charge = message('shop.charge', { input: z.object({ n: z.int() }), output: z.object({ charge: z.string() }) })

  test('calls with the key of the intent, the same at every delivery, and writes once', async () => {
    const calls: string[] = []
    let broken = true
    const charging = answerWithCall(
      Charge,
      {},
      async ({ messageId }) => {
        calls.push(messageId)
        return `charge of ${messageId}`
      },
      async ({ called }) => {
        if (broken) throw new Error('killed between the phases')
        return { charge: called }
      },
    )
    const service = shop(undefined, [charging])
    await expect(service.dispatcher.receive(incoming(request({ type: Charge.type })))).rejects.toThrow('killed')
    broken = false
    await service.dispatcher.receive(incoming(request({ type: Charge.type, id: 'msg_2' })))
    expect(calls).toEqual(['key-1', 'key-1'])
    expect(replies(service)).toEqual([{ outcome: 'replied', output: { charge: 'charge of key-1' } }])
  })
})

describe('a reply', () => {
  const reply = (replyref: string) =>
    ({ messagekind: 'reply', type: Buy.type, replyref, data: { outcome: 'replied', output: {} } }) as const

  test.each(['Trip/a/buy', 'nonsense', 'Trip/a'])('to %s, which no saga here knows, is not lost', async (ref) => {
    const service = shop()
    await expect(service.dispatcher.receive(incoming(reply(ref)))).rejects.toThrow('Nothing here answers')
    await service.dispatcher.receive(incoming(reply(ref), { attempt: 8, lastAttempt: true }))
    expect(await service.stores.deadLetters.list(undefined, 10)).toMatchObject([{ consumer: 'shop/replies' }])
  })
})

test('two handlers of one message stop the start', () => {
  const twice = answer(Buy, {}, async () => ({ receipt: '' }))
  expect(() => shop(undefined, [twice])).toThrow('Two handlers answer "shop.buy".')
})
