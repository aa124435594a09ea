import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { event } from '#domain/kernel/event.ts'
import { patterns } from '../../../patterns/patterns.ts'
import type { Transport } from '../../transport.ts'
import { type AwsClients, createAwsClients } from '../clients.ts'
import type { ConsumerTuning } from '../consumer.ts'
import { provision, removeProvisioned } from '../provision.ts'
import { topologyOf } from '../topology.ts'
import { type AwsTransportOptions, createAwsTransport } from '../transport.ts'

/** EventBridge, SQS and S3 for the suites that can use them; undefined where there are none. */
export const awsEndpoint: string | undefined = process.env['AWS_ENDPOINT_URL']

/** Clients of the emulator, patient with a machine that does much else. */
export const createTestClients = (): AwsClients =>
  createAwsClients({ region: 'us-east-1', endpoint: awsEndpoint, connectTimeoutMs: 5_000, requestTimeoutMs: 10_000 })

const fact = (type: string, packed = false) => event(type, { version: 1, data: z.object({ n: z.int() }), packed })

/** What the service `tally` publishes in these suites; `tally.ticked` is small and frequent. */
export const Tally = patterns('tally', {
  publishes: { Counted: fact('tally.counted'), Reset: fact('tally.reset'), Ticked: fact('tally.ticked', true) },
  answers: {},
})

/** Names that no other test has. */
export const uniquePrefix = (): string => `t${randomUUID().slice(0, 13)}`

/** Short waits: a message that failed comes again at once, and one that was forgotten after two seconds. */
export const quick: ConsumerTuning = { waitSeconds: 1, visibilitySeconds: 2, backoffSeconds: () => 0, lingerMs: 20 }

/** What a test makes a transport of; the rest is as `quick` says. */
export type TestTransportOptions = Partial<AwsTransportOptions>

/** A transport whose services get their queues and rules when they connect, and which removes them when it is closed. */
export const createTestTransport = (options: TestTransportOptions = {}): Transport & { readonly prefix: string } => {
  const { clients = createTestClients(), prefix = uniquePrefix(), consumer = quick } = options
  const inner = createAwsTransport({
    clients,
    prefix,
    patterns: [Tally],
    maxAttempts: 4,
    random: () => 0.5,
    ...options,
    consumer,
  })
  // Clients of its own: those of the transport may be behind faults.
  const makers = createTestClients()
  const topologies = [topologyOf([], { prefix })]
  let ready = provision(makers, topologyOf([], { prefix }))
  return {
    prefix,
    capabilities: inner.capabilities,
    connect: (service, subscriptions, receive) => {
      const topology = topologyOf([{ service, subscriptions }], { prefix, patterns: [Tally], replySlots: 0 })
      topologies.push(topology)
      ready = ready.then(() => provision(makers, topology)).then(() => inner.connect(service, subscriptions, receive))
    },
    deliver: async (messages) => {
      await ready
      return inner.deliver(messages)
    },
    close: async () => {
      const closing = inner.close()
      await ready
      await closing
      for (const topology of topologies) await removeProvisioned(makers, topology)
      for (const used of [clients, makers]) used.close()
    },
  }
}
