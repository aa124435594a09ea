import type { Delivered } from '../transport.ts'
import { chunksOf } from './chunks.ts'
import type { AwsClients } from './clients.ts'
import { failed, reasonOf } from './failures.ts'

/** One entry of the event bus. */
export interface EventEntry {
  readonly source: string
  readonly type: string
  /** JSON. */
  readonly detail: string
}

/** Sends entries to the event bus in full batches; results in the order given. Never rejects. */
export type SendToEventBus = (entries: readonly EventEntry[]) => Promise<readonly Delivered[]>

/** What EventBridge takes in one call. */
const BATCH = { count: 10, bytes: 1_000_000 }

/** As EventBridge counts an entry (a time, were one given, would count 14). */
const bytesOf = ({ source, type, detail }: EventEntry): number =>
  Buffer.byteLength(source) + Buffer.byteLength(type) + Buffer.byteLength(detail)

/** The sender to EventBridge of a process. */
export const createEventSender = (clients: AwsClients, eventBus: string): SendToEventBus => {
  const sendBatch = async (entries: readonly EventEntry[]): Promise<Delivered[]> => {
    try {
      const client = await clients.events()
      const { Entries: results = [] } = await client.putEvents({
        Entries: entries.map(({ source, type, detail }) => ({
          EventBusName: eventBus,
          Source: source,
          DetailType: type,
          Detail: detail,
        })),
      })
      // The call is answered with 200 even where entries failed; results come in the order of the entries.
      return entries.map((_, at) => {
        const { EventId, ErrorCode, ErrorMessage } = results[at] ?? {}
        if (EventId !== undefined && ErrorCode === undefined) return { accepted: true }
        return failed(`${ErrorCode ?? 'EventBridge returned no result'}: ${ErrorMessage ?? 'no reason given'}`)
      })
    } catch (error) {
      return entries.map(() => failed(reasonOf(error)))
    }
  }

  return async (entries) => (await Promise.all(chunksOf(entries, BATCH, bytesOf).map(sendBatch))).flat()
}
