import { afterEach, describe, expect, test, vi } from 'vitest'
import { decodeEnvelope, encodeEnvelope } from '../envelope.ts'
import type { Capabilities, Delivered, Incoming, Outgoing, Transport } from './transport.ts'

/** How one message is disturbed on its way to one subscriber. */
export type Disturb = (message: Outgoing, subscriber: string) => { copies: number; delay?: Promise<void> }

export interface TransportUnderTest {
  readonly name: string
  readonly capabilities: Capabilities
  /** A transport that nobody is connected to. */
  open(): Promise<Transport>
  /** One whose way can be disturbed; absent where the technology cannot be. */
  readonly openDisturbed?: (disturb: Disturb) => Promise<Transport>
}

const EVENT = 'tally.counted'

/** An envelope of the service `tally` with this id; `text` makes it larger. */
const envelope = (id: string, key: string, text = ''): string =>
  encodeEnvelope({
    specversion: '1.0',
    id,
    messagekind: 'event',
    type: EVENT,
    source: 'edtech.tally',
    time: '2026-03-01T12:00:00.000Z',
    subject: key,
    dataversion: 1,
    correlationid: 'cor_1',
    data: { text },
  })

const event = (id: string, changes: Partial<Outgoing> = {}): Outgoing => {
  const { key = 'a' } = changes
  return { key, route: 'events', type: EVENT, body: envelope(id, key), attempt: 1, ...changes }
}

/** An event whose envelope takes exactly so many bytes, in characters of two. */
const sized = (id: string, bytes: number): Outgoing => {
  const left = bytes - Buffer.byteLength(envelope(id, id))
  const text = 'é'.repeat(Math.floor(left / 2)) + '.'.repeat(left % 2)
  return event(id, { key: id, body: envelope(id, id, text) })
}

const idOf = ({ body }: Pick<Outgoing, 'body'>): string => decodeEnvelope(body).id

const wait = { timeout: 20_000 }

/** Delivers as the relay does: in portions with one message of a key, each after the one before it. */
const deliver = async (transport: Transport, messages: readonly Outgoing[]): Promise<Delivered[]> => {
  const { maxBatch } = transport.capabilities
  const results = new Map<Outgoing, Delivered>()
  let left = messages
  while (left.length > 0) {
    const firsts = left.filter((message, at) => left.findIndex(({ key }) => key === message.key) === at)
    const portion = firsts.slice(0, maxBatch)
    const delivered = await transport.deliver(portion)
    portion.forEach((message, at) => results.set(message, delivered[at] ?? { accepted: false, reason: 'no result' }))
    left = left.filter((message) => !portion.includes(message))
  }
  return messages.flatMap((message) => results.get(message) ?? [])
}

/** Delivers a message again until it is accepted. */
const insist = async (transport: Transport, message: Outgoing): Promise<void> => {
  for (let attempt = 1; attempt <= transport.capabilities.maxAttempts; attempt++) {
    const [result] = await transport.deliver([{ ...message, attempt }])
    if (result?.accepted) return
  }
  throw new Error(`"${idOf(message)}" was not accepted.`)
}

/** Connects a service that notes the ids of what arrives, and then does what `handle` does. */
const listen = (
  transport: Transport,
  service: string,
  events: readonly string[],
  handle: (message: Incoming) => void | Promise<void> = () => undefined,
): string[] => {
  const ids: string[] = []
  transport.connect(service, events, async (message) => {
    ids.push(idOf(message))
    await handle(message)
  })
  return ids
}

/** What a transport with these capabilities must do; run for each of them. */
export const transportConformance = ({ name, capabilities, open, openDisturbed }: TransportUnderTest): void => {
  describe(`the transport ${name}`, () => {
    const opened: Transport[] = []
    const started = async (transport: Promise<Transport>): Promise<Transport> => {
      opened.push(await transport)
      return transport
    }
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((transport) => transport.close()))
    })

    test('declares what it can do', async () => {
      expect((await started(open())).capabilities).toEqual(capabilities)
    })

    test('brings an event to each subscriber once, and to nobody else', async () => {
      const transport = await started(open())
      const [one, other, stranger] = [
        listen(transport, 'one', [EVENT]),
        listen(transport, 'other', [EVENT, 'tally.reset']),
        listen(transport, 'stranger', ['tally.reset']),
      ]
      expect(await deliver(transport, [event('e1')])).toEqual([{ accepted: true }])
      await vi.waitFor(() => expect([one, other]).toEqual([['e1'], ['e1']]), wait)
      expect(stranger).toEqual([])
    })

    test('accepts an event that nobody subscribes to', async () => {
      const transport = await started(open())
      listen(transport, 'stranger', [])
      expect(await deliver(transport, [event('e1')])).toEqual([{ accepted: true }])
    })

    test('brings a message to the one service of its route', async () => {
      const transport = await started(open())
      const [one, other] = [listen(transport, 'one', [EVENT]), listen(transport, 'other', [EVENT])]
      expect(await deliver(transport, [event('m1', { route: 'other' })])).toEqual([{ accepted: true }])
      await vi.waitFor(() => expect(other).toEqual(['m1']), wait)
      expect(one).toEqual([])
    })

    test('does not accept a message to a service that it does not know, and says which', async () => {
      const transport = await started(open())
      const [result] = await deliver(transport, [event('m1', { route: 'nowhere' })])
      expect(result).toMatchObject({ accepted: false, refused: true, reason: expect.stringContaining('nowhere') })
    })

    test.runIf(capabilities.orderedPerKey)('keeps the order of a key', async () => {
      const transport = await started(open())
      const ids = listen(transport, 'one', [EVENT])
      const messages = Array.from({ length: 30 }, (_, n) => event(`${n % 3}:${n}`, { key: `key-${n % 3}` }))
      await deliver(transport, messages)
      await vi.waitFor(() => expect(ids).toHaveLength(30), wait)
      for (const key of ['0:', '1:', '2:'])
        expect(ids.filter((id) => id.startsWith(key))).toEqual(messages.map(idOf).filter((id) => id.startsWith(key)))
    })

    test.runIf(capabilities.acceptsAfterCommit)('accepts when every subscriber is done, not before', async () => {
      const transport = await started(open())
      const commit = Promise.withResolvers<void>()
      const fast = listen(transport, 'fast', [EVENT])
      listen(transport, 'slow', [EVENT], () => commit.promise)
      let accepted = false
      const delivery = deliver(transport, [event('e1')]).then((results) => {
        accepted = true
        return results
      })
      await vi.waitFor(() => expect(fast).toEqual(['e1']), wait)
      expect(accepted).toBe(false)
      commit.resolve()
      expect(await delivery).toEqual([{ accepted: true }])
    })

    test('a message that fails does not touch the others', async () => {
      const transport = await started(open())
      const done: string[] = []
      listen(transport, 'one', [EVENT], (message) => {
        if (idOf(message) === 'bad' && !message.lastAttempt) throw new Error('no')
        done.push(idOf(message))
      })
      const messages = ['good', 'bad', 'better'].map((id) => event(id, { key: id }))
      const results = await deliver(transport, messages)
      expect([results[0], results[2]]).toEqual([{ accepted: true }, { accepted: true }])
      await vi.waitFor(() => expect(done).toEqual(expect.arrayContaining(['good', 'better'])), wait)
    })

    test('a subscriber that fails does not keep the message from another', async () => {
      const transport = await started(open())
      listen(transport, 'failing', [EVENT], ({ lastAttempt }) => {
        if (!lastAttempt) throw new Error('no')
      })
      const other = listen(transport, 'other', [EVENT])
      await deliver(transport, [event('e1')])
      await vi.waitFor(() => expect(other).toContain('e1'), wait)
    })

    test('brings what failed again, counts the attempts and marks the last', async () => {
      const transport = await started(open())
      const attempts: Pick<Incoming, 'attempt' | 'lastAttempt'>[] = []
      listen(transport, 'one', [EVENT], ({ attempt, lastAttempt }) => {
        attempts.push({ attempt, lastAttempt })
        if (!lastAttempt) throw new Error('no')
      })
      await insist(transport, event('e1'))
      const { maxAttempts } = capabilities
      const expected = Array.from({ length: maxAttempts }, (_, at) => ({
        attempt: at + 1,
        lastAttempt: at + 1 === maxAttempts,
      }))
      await vi.waitFor(() => expect(attempts).toEqual(expected), wait)
    })

    test('takes a message of the greatest size and refuses a greater one, the rest of the portion unharmed', async () => {
      const transport = await started(open())
      const sizes: number[] = []
      const ids = listen(transport, 'one', [EVENT], ({ body }) => void sizes.push(Buffer.byteLength(body)))
      const { maxBytes } = capabilities
      const messages = [sized('too-great', maxBytes + 1), sized('greatest', maxBytes), event('small')]
      const results = await deliver(transport, messages)
      expect(results.map(({ accepted }) => accepted)).toEqual([false, true, true])
      expect(results[0]).toMatchObject({ refused: true })
      await vi.waitFor(() => expect(new Set(ids)).toEqual(new Set(['greatest', 'small'])), wait)
      expect(sizes).toContain(maxBytes)
    })

    test('finishes what is under way before it is closed, and takes nothing after', async () => {
      const transport = await started(open())
      const commit = Promise.withResolvers<void>()
      let committed = false
      const ids = listen(transport, 'one', [EVENT], async () => {
        await commit.promise
        committed = true
      })
      const delivery = deliver(transport, [event('e1')])
      await vi.waitFor(() => expect(ids).toEqual(['e1']), wait)
      const closing = transport.close().then(() => committed)
      const [late] = await deliver(transport, [event('late')])
      commit.resolve()
      expect(await closing).toBe(true)
      expect(await delivery).toEqual([{ accepted: true }])
      expect(late?.accepted).toBe(false)
      expect(ids).toEqual(['e1'])
    })

    if (openDisturbed) disturbances((disturb) => started(openDisturbed(disturb)))
  })
}

const disturbances = (open: (disturb: Disturb) => Promise<Transport>): void => {
  test('may bring a message twice', async () => {
    const transport = await open(() => ({ copies: 2 }))
    const ids = listen(transport, 'one', [EVENT])
    await insist(transport, event('e1'))
    await vi.waitFor(() => expect(ids).toEqual(['e1', 'e1']), wait)
  })

  test('brings a message that was lost on its way again', async () => {
    const transport = await open(({ attempt }) => ({ copies: attempt < 3 ? 0 : 1 }))
    const ids = listen(transport, 'one', [EVENT])
    await insist(transport, event('e1'))
    await vi.waitFor(() => expect(ids).toEqual(['e1']), wait)
  })

  test('loses a message for one subscriber without losing it for another', async () => {
    const lost = (service: string, attempt: number) => service === 'unlucky' && attempt === 1
    const transport = await open(({ attempt }, service) => ({ copies: lost(service, attempt) ? 0 : 1 }))
    const [lucky, unlucky] = [listen(transport, 'lucky', [EVENT]), listen(transport, 'unlucky', [EVENT])]
    await insist(transport, event('e1'))
    // Where a message is only accepted after all commits, it is the whole of it that comes again.
    const { acceptsAfterCommit } = transport.capabilities
    const expected = [acceptsAfterCommit ? ['e1', 'e1'] : ['e1'], ['e1']]
    await vi.waitFor(() => expect([lucky, unlucky]).toEqual(expected), wait)
  })

  test('may let a message overtake a delayed one of another key', async () => {
    const arrival = Promise.withResolvers<void>()
    const transport = await open(({ key }) => (key === 'slow' ? { copies: 1, delay: arrival.promise } : { copies: 1 }))
    const ids = listen(transport, 'one', [EVENT])
    const delayed = deliver(transport, [event('first', { key: 'slow' })])
    await deliver(transport, [event('second', { key: 'fast' })])
    await vi.waitFor(() => expect(ids).toEqual(['second']), wait)
    arrival.resolve()
    await delayed
    await vi.waitFor(() => expect(ids).toEqual(['second', 'first']), wait)
  })
}
