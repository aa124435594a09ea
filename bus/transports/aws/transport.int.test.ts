import { describe } from 'vitest'
import { decodeEnvelope } from '../../envelope.ts'
import { type Disturb, transportConformance } from '../conformance.ts'
import type { Delivered, Outgoing, Transport } from '../transport.ts'
import type { AwsClients } from './clients.ts'
import { awsEndpoint, createTestClients, createTestTransport, quick, uniquePrefix } from './testing/emulator.ts'
import { brokenService, type Decide, disturbPolls, injectFaults, partial, throttled } from './testing/faults.ts'

const capabilities = {
  orderedPerKey: false,
  acceptsAfterCommit: false,
  maxAttempts: 4,
  maxBytes: 1024 * 1024,
  maxBatch: 100,
}

/** Disturbs what the services' event queues bring as the memory transport disturbs what it hands over. */
const openDisturbed = async (disturb: Disturb): Promise<Transport> => {
  const clients = createTestClients()
  const prefix = uniquePrefix()
  await disturbPolls(clients, ({ Body = '', Attributes }, queue) => {
    const { subject, type } = decodeEnvelope(Body)
    const attempt = Number(Attributes?.ApproximateReceiveCount)
    const service = queue.slice(`${prefix}-`.length, -'-evt'.length)
    return disturb({ key: subject, route: 'events', type, body: Body, attempt }, service)
  })
  // Long enough hidden that only what a test disturbs comes again.
  return createTestTransport({ clients, prefix, consumer: { ...quick, visibilitySeconds: 30 } })
}

const disturbable = [
  'PutEventsCommand',
  'SendMessageBatchCommand',
  'ReceiveMessageCommand',
  'DeleteMessageBatchCommand',
  'ChangeMessageVisibilityBatchCommand',
  'GetQueueUrlCommand',
  'PutObjectCommand',
  'GetObjectCommand',
]

/** Two calls of three fail, one way or another. */
const twoOfThree: Decide = (command, count) => {
  if (!disturbable.includes(command) || count % 3 === 0) return undefined
  if (!command.includes('Batch') && !command.startsWith('Put')) return count % 3 === 1 ? throttled() : brokenService()
  return count % 3 === 1 ? throttled() : partial((at) => at % 2 === 0)
}

/** Sends again what failed, and only that, as the relay does. */
const insisting = (transport: Transport): Transport => ({
  ...transport,
  deliver: async (messages) => {
    const results = new Map<Outgoing, Delivered>()
    const isDone = (message: Outgoing): boolean => {
      const result = results.get(message)
      return result !== undefined && (result.accepted || result.refused === true)
    }
    for (let tries = 0; tries < 12; tries++) {
      const left = messages.filter((message) => !isDone(message))
      if (left.length === 0) break
      const delivered = await transport.deliver(left)
      left.forEach((message, at) => results.set(message, delivered[at] ?? { accepted: false, reason: 'no result' }))
    }
    return messages.map((message) => results.get(message) ?? { accepted: false, reason: 'no result' })
  },
})

const openFaulty = async (): Promise<Transport> => {
  const own: AwsClients = createTestClients()
  const prefix = uniquePrefix()
  const transport = createTestTransport({ clients: own, prefix })
  await injectFaults(own, twoOfThree)
  return insisting(transport)
}

describe.runIf(awsEndpoint)('against the emulator', () => {
  transportConformance({ name: 'aws', capabilities, open: async () => createTestTransport(), openDisturbed })
  transportConformance({ name: 'aws behind faults', capabilities, open: openFaulty })
})
