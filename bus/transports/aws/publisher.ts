import { MAX_ENVELOPE_BYTES, SOURCE_PREFIX } from '../../envelope.ts'
import { failpoint } from '../../failpoints.ts'
import { ALL_PATTERNS } from '../../patterns/directory.ts'
import type { ServicePatterns } from '../../patterns/patterns.ts'
import type { Delivered, Outgoing } from '../transport.ts'
import { type Claims, createClaims } from './claims.ts'
import type { AwsClients } from './clients.ts'
import { createEventSender, type EventEntry } from './event-sender.ts'
import { failed, reasonOf, refused } from './failures.ts'
import { pack, packsOf } from './packing.ts'
import { createQueueSender } from './queue-sender.ts'
import { claimsBucketName, queueNames } from './topology.ts'

export interface PublisherOptions {
  readonly clients: AwsClients
  /** Begins every name, as in the topology. */
  readonly prefix: string
  readonly patterns?: readonly ServicePatterns[]
}

/** Sends messages where they go; results in the order given. Never rejects for a failed call. */
export type Publish = (messages: readonly Outgoing[]) => Promise<readonly Delivered[]>

/** A message that may be sent, with the body that goes on the wire and the place of its result. */
interface Prepared {
  readonly message: Outgoing
  readonly body: string
  readonly at: number
}

/** Some prepared messages that share one entry of the event bus. */
interface PreparedEntry {
  readonly entry: EventEntry
  readonly messages: readonly Prepared[]
}

const beforePublish = failpoint('aws.publisher.before_publish')
const afterPublish = failpoint('aws.publisher.after_publish')

/** Events to EventBridge, everything else to the command queue of its service. */
export const createPublisher = ({ clients, prefix, patterns = ALL_PATTERNS }: PublisherOptions): Publish => {
  const names = queueNames(prefix)
  const claims: Claims = createClaims(clients, claimsBucketName(prefix))
  const sendToEventBus = createEventSender(clients, prefix)
  const sendToQueue = createQueueSender(clients)
  const contracts = new Map(
    patterns.flatMap(({ service, events }) =>
      events.map(({ type, packed }) => [type, { source: `${SOURCE_PREFIX}${service}`, packed }] as const),
    ),
  )

  /** The body to send, or why there is none. */
  const prepare = async ({ route, type, body }: Outgoing): Promise<string | Delivered> => {
    if (Buffer.byteLength(body) > MAX_ENVELOPE_BYTES)
      return refused(`The message is larger than ${MAX_ENVELOPE_BYTES} bytes.`)
    if (route === 'events' && !contracts.has(type)) return refused(`No service publishes "${type}".`)
    try {
      return await claims.deposit(body)
    } catch (error) {
      return failed(reasonOf(error))
    }
  }

  /** Facts of a packed contract share entries; every other event has one of its own. */
  const entriesOf = (events: readonly Prepared[]): PreparedEntry[] =>
    [...Map.groupBy(events, ({ message }) => message.type)].flatMap(([type, prepared]) => {
      const { source, packed } = contracts.get(type) ?? { source: '', packed: false }
      const packs = packed ? packsOf(prepared, ({ body }) => body) : prepared.map((single) => [single])
      return packs.map((messages) => {
        const bodies = messages.map(({ body }) => body)
        const detail = packed ? pack(bodies) : bodies.join()
        return { entry: { source, type, detail }, messages }
      })
    })

  const sendEvents = async (events: readonly Prepared[], settle: Settle): Promise<void> => {
    const entries = entriesOf(events)
    const results = await sendToEventBus(entries.map(({ entry }) => entry))
    entries.forEach(({ messages }, at) => messages.forEach((message) => settle(message, results[at])))
  }

  const sendToService = async (service: string, messages: readonly Prepared[], settle: Settle): Promise<void> => {
    const results = await sendToQueue(
      names.commands(service),
      messages.map(({ body }) => body),
    )
    messages.forEach((message, at) => settle(message, results[at]))
  }

  return async (messages) => {
    const outcomes = await Promise.all(messages.map(prepare))
    const prepared = messages.flatMap((message, at): Prepared[] => {
      const body = outcomes[at]
      return typeof body === 'string' ? [{ message, body, at }] : []
    })
    const results = outcomes.map((outcome) => (typeof outcome === 'string' ? failed('It was not sent.') : outcome))
    const settle: Settle = ({ at }, result) => {
      if (result) results[at] = result
    }
    await beforePublish()
    await Promise.all(
      [...Map.groupBy(prepared, ({ message }) => message.route)].map(([route, group]) =>
        route === 'events' ? sendEvents(group, settle) : sendToService(route, group, settle),
      ),
    )
    await afterPublish()
    return results
  }
}

type Settle = (message: Prepared, result: Delivered | undefined) => void
