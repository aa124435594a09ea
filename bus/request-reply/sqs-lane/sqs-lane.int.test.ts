import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '#domain/kernel/clock.ts'
import { Payments } from '../../patterns/payment.ts'
import { createTestIds } from '../../testing/ids.ts'
import { createAwsLaneQueues } from '../../transports/aws/lane-queues.ts'
import { provision, removeProvisioned } from '../../transports/aws/provision.ts'
import { countCalls } from '../../transports/aws/testing/counting.ts'
import { awsEndpoint, createTestClients, quick, uniquePrefix } from '../../transports/aws/testing/emulator.ts'
import { topologyOf } from '../../transports/aws/topology.ts'
import { laneConformance } from '../conformance.ts'
import { createRequester, type Respond } from '../requester.ts'
import { ASKED, createCashier } from '../testing/cashier.ts'
import { openContainers, SLOTS } from './testing/containers.ts'

/** The containers with queues of their own on the emulator, which go when they are closed. */
const openOnSqs = async (respond: Respond, consumer = quick) => {
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

describe.runIf(awsEndpoint)('on SQS', () => {
  laneConformance({ name: 'through SQS', open: (respond) => openOnSqs(respond) })

  let end: () => Promise<void> = () => Promise.resolve()
  afterEach(() => end())

  test('1,000 request-replies take 700 calls at most, and make no queue', async () => {
    const REQUESTS = 1_000
    const sqs = await openOnSqs(createCashier().dispatcher.respond, { waitSeconds: 20 })
    end = sqs.close
    const { request } = createRequester({
      service: 'learning',
      lane: sqs.lane,
      clock: systemClock,
      ids: createTestIds(),
    })
    const origin = { correlationId: 'cor_1' }
    const ask = () =>
      request(Payments.RefundPayment, { ...ASKED, reason: 'requested_by_payer', actionId: 'a' }, { origin })
    await Promise.all(Array.from({ length: REQUESTS }, ask))
    await sqs.close()
    end = () => Promise.resolve()
    // Asked for once in the life of a process, however much goes through the queues.
    sqs.calls.delete('GetQueueUrlCommand')
    const total = [...sqs.calls.values()].reduce((sum, count) => sum + count, 0)
    expect([...sqs.calls.keys()].toSorted()).toEqual([
      'DeleteMessageBatchCommand',
      'ReceiveMessageCommand',
      'SendMessageBatchCommand',
    ])
    expect(total, JSON.stringify(Object.fromEntries(sqs.calls))).toBeLessThanOrEqual(700)
  })
})
