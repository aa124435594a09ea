import type { SQS } from '@aws-sdk/client-sqs'
import type { Delivered } from '../transport.ts'
import { chunksOf } from './chunks.ts'
import type { AwsClients } from './clients.ts'
import { failed, reasonOf, refused } from './failures.ts'

/** Sends bodies to a queue in full batches; results in the order given. Never rejects. */
export type SendToQueue = (queue: string, bodies: readonly string[]) => Promise<readonly Delivered[]>

/** What SQS takes in one call, and as one message. */
const BATCH = { count: 10, bytes: 1024 * 1024 }

const byteLength = (text: string): number => Buffer.byteLength(text)

/** SQS refuses these two characters, which JSON may hold as they are; within JSON they only stand in strings. */
const queueable = (body: string): string =>
  body.replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)

/** The senders to SQS of a process. */
export const createQueueSender = (clients: AwsClients): SendToQueue => {
  const sendBatch = async (client: SQS, url: string, bodies: readonly string[]): Promise<Delivered[]> => {
    try {
      const { Failed = [], Successful = [] } = await client.sendMessageBatch({
        QueueUrl: url,
        Entries: bodies.map((MessageBody, at) => ({ Id: String(at), MessageBody })),
      })
      const taken = new Set(Successful.map(({ Id }) => Id))
      const reasons = new Map(Failed.map(({ Id, Code, Message }) => [Id, `${Code}: ${Message ?? 'no reason given'}`]))
      return bodies.map((_, at) =>
        taken.has(String(at)) ? { accepted: true } : failed(reasons.get(String(at)) ?? 'SQS returned no result.'),
      )
    } catch (error) {
      return bodies.map(() => failed(reasonOf(error)))
    }
  }

  return async (queue, bodies) => {
    const safe = bodies.map(queueable)
    const isTooLarge = (body: string): boolean => byteLength(body) > BATCH.bytes
    const fitting = safe.filter((body) => !isTooLarge(body))
    let results: Delivered[]
    try {
      const [client, url] = await Promise.all([clients.queues(), clients.queueUrl(queue)])
      const batches = chunksOf(fitting, BATCH, byteLength)
      results = (await Promise.all(batches.map((batch) => sendBatch(client, url, batch)))).flat()
    } catch (error) {
      const isUnknown = error instanceof Error && error.name === 'QueueDoesNotExist'
      const result = isUnknown ? refused(`There is no queue "${queue}".`) : failed(reasonOf(error))
      results = fitting.map(() => result)
    }
    const left = results.values()
    return safe.map((body) =>
      isTooLarge(body)
        ? refused(`SQS takes no message of more than ${BATCH.bytes} bytes.`)
        : (left.next().value ?? failed('SQS returned no result.')),
    )
  }
}
