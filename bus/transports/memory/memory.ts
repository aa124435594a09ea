import { MAX_ENVELOPE_BYTES } from '../../envelope.ts'
import type { Delivered, Outgoing, Receive, Transport } from '../transport.ts'
import { within } from '../within.ts'

/** How one message is disturbed on its way to one subscriber; tests and the simulation decide. */
export interface Disturbance {
  /** How often it arrives; 0 loses this attempt, which is reported as a failure. */
  readonly copies: number
  /** Held until this settles. */
  readonly delay?: Promise<void>
  /** One more copy arrives when this settles: after the first was accepted, and after later messages of its key. */
  readonly again?: Promise<void>
}

export interface MemoryTransportOptions {
  /**
   * The delivery that writes a dead letter when it fails; 12 when not given, which the relay's waits stretch to a minute or
   * two: longer than the restart of a provider, and what outlasts that is repaired by jobs or redriven by a person.
   */
  readonly maxAttempts?: number
  /** How long a subscriber may take, in milliseconds; 10,000 when not given, `Infinity` for none. */
  readonly timeoutMs?: number
  readonly disturb?: (message: Outgoing, subscriber: string) => Disturbance
}

interface Subscription {
  readonly service: string
  readonly events: ReadonlySet<string>
  readonly receive: Receive
}

const undisturbed: Disturbance = { copies: 1 }

/**
 * The transport inside one process. A delivery makes one attempt per subscriber and is accepted when all of them have
 * committed, so that a kill in between loses nothing; the inboxes absorb the repeats of those that had.
 */
export const createMemoryTransport = (options: MemoryTransportOptions = {}): Transport => {
  const { maxAttempts = 12, timeoutMs = 10_000, disturb = () => undisturbed } = options
  const subscriptions: Subscription[] = []
  const underway = new Set<Promise<unknown>>()
  let closed = false

  const subscribersOf = ({ route, type }: Outgoing): Subscription[] =>
    subscriptions.filter(({ service, events }) => (route === 'events' ? events.has(type) : service === route))

  const track = <T>(work: Promise<T>): Promise<T> => {
    underway.add(work)
    return work.finally(() => underway.delete(work))
  }

  /** Nobody waits for it: whether it is taken in or not changes nothing. */
  const repeat = async ({ body, attempt }: Outgoing, receive: Receive, again: Promise<void>): Promise<void> => {
    await again
    await receive({ body, attempt, lastAttempt: false }).catch(() => undefined)
  }

  const handOver = async (message: Outgoing, { service, receive }: Subscription): Promise<void> => {
    const { copies, delay, again } = disturb(message, service)
    if (again) void track(repeat(message, receive, again))
    await delay
    if (copies === 0) throw new Error('The message was lost on its way.')
    const lastAttempt = message.attempt >= maxAttempts
    for (let copy = 0; copy < copies; copy++)
      await within(receive({ body: message.body, attempt: message.attempt, lastAttempt }), timeoutMs)
  }

  const deliverOne = async (message: Outgoing): Promise<Delivered> => {
    if (closed) return { accepted: false, reason: 'The transport is closed.' }
    if (Buffer.byteLength(message.body) > MAX_ENVELOPE_BYTES)
      return { accepted: false, reason: `The message is larger than ${MAX_ENVELOPE_BYTES} bytes.`, refused: true }
    const subscribers = subscribersOf(message)
    if (message.route !== 'events' && subscribers.length === 0)
      return { accepted: false, reason: `The service "${message.route}" is not connected.`, refused: true }
    const outcomes = await Promise.allSettled(subscribers.map((subscriber) => handOver(message, subscriber)))
    const failures = outcomes.filter((outcome) => outcome.status === 'rejected')
    if (failures.length === 0) return { accepted: true }
    return { accepted: false, reason: failures.map(({ reason }) => String(reason)).join('; ') }
  }

  return {
    capabilities: {
      orderedPerKey: true,
      acceptsAfterCommit: true,
      maxAttempts,
      maxBytes: MAX_ENVELOPE_BYTES,
      maxBatch: 1,
    },
    deliver: (messages) => track(Promise.all(messages.map(deliverOne))),
    connect: (service, events, receive) => {
      subscriptions.push({ service, events: new Set(events), receive })
    },
    close: async () => {
      closed = true
      await Promise.allSettled(underway)
    },
  }
}
