import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import { type AwsClients, createAwsClients } from '../clients.ts'

/** What a stand-in for AWS was given. */
export interface StandIn {
  readonly clients: AwsClients
  /** The entries of each call to the event bus. */
  readonly events: PutEventsRequestEntry[][]
  /** The bodies of each call to a queue, after its name. */
  readonly sent: [queue: string, ...bodies: string[]][]
  /** What lies in buckets. */
  readonly objects: Map<string, string>
}

/** Clients that reach nothing: every call is answered at once and noted. Faults injected before are outside of it. */
export const createStandIn = async (
  prepare: (clients: AwsClients) => Promise<void> = () => Promise.resolve(),
): Promise<StandIn> => {
  const clients = createAwsClients({ region: 'us-east-1', endpoint: 'http://127.0.0.1:1' })
  await prepare(clients)
  const standIn: StandIn = { clients, events: [], sent: [], objects: new Map() }
  const [events, queues, objects] = await Promise.all([clients.events(), clients.queues(), clients.objects()])

  events.middlewareStack.add(() => async ({ input }) => {
    const entries = 'Entries' in input ? (input.Entries ?? []) : []
    standIn.events.push(entries)
    const answers = entries.map((_, at) => ({ EventId: String(at) }))
    return { response: undefined, output: { $metadata: {}, FailedEntryCount: 0, Entries: answers } }
  })
  queues.middlewareStack.add(() => async ({ input }) => {
    if ('QueueName' in input)
      return { response: undefined, output: { $metadata: {}, QueueUrl: `http://queues/${input.QueueName}` } }
    const queue = 'QueueUrl' in input ? (input.QueueUrl?.split('/').at(-1) ?? '') : ''
    const entries = 'Entries' in input ? (input.Entries ?? []) : []
    const bodies = entries.flatMap((entry) => ('MessageBody' in entry ? [entry.MessageBody ?? ''] : []))
    standIn.sent.push([queue, ...bodies])
    const Successful = entries.map(({ Id }) => ({ Id, MessageId: Id, MD5OfMessageBody: '' }))
    return { response: undefined, output: { $metadata: {}, Successful, Failed: [] } }
  })
  objects.middlewareStack.add(() => async ({ input }) => {
    if ('Key' in input && 'Body' in input && typeof input.Body === 'string')
      standIn.objects.set(`${input.Bucket}/${input.Key}`, input.Body)
    return { response: undefined, output: { $metadata: {} } }
  })
  return standIn
}
