import { createAwsLaneQueues } from '../../../transports/aws/lane-queues.ts'
import { provision, removeProvisioned } from '../../../transports/aws/provision.ts'
import { countCalls } from '../../../transports/aws/testing/counting.ts'
import { createTestClients, quick, uniquePrefix } from '../../../transports/aws/testing/emulator.ts'
import { topologyOf } from '../../../transports/aws/topology.ts'
import type { Respond } from '../../requester.ts'
import { openContainers, SLOTS } from './containers.ts'

/** The containers with queues of their own on the emulator, which go when they are closed. */
export const openOnSqs = async (respond: Respond, consumer = quick) => {
  const prefix = uniquePrefix()
  const clients = createTestClients()
  const services = ['learning', 'payment'].map((service) => ({ service, subscriptions: [] }))
  const topology = topologyOf(services, { prefix, replySlots: SLOTS })
  const makers = createTestClients()
  await provision(makers, topology)
  const calls = await countCalls(clients)
  const queues = createAwsLaneQueues({ service: 'payment', clients, random: () => 0.5, consumer })
  const containers = openContainers(respond, { queues, prefix, capacity: 2_000 })
  const close = async (): Promise<void> => {
    await containers.close()
    await removeProvisioned(makers, topology)
    for (const used of [clients, makers]) used.close()
  }
  return { ...containers, calls, close }
}
