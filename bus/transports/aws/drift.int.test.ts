import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { inspectTopology } from './drift.ts'
import { provision, removeProvisioned } from './provision.ts'
import { awsEndpoint, createTestClients, Tally, uniquePrefix } from './testing/emulator.ts'
import { topologyOf } from './topology.ts'

describe.runIf(awsEndpoint)('what is there, held against the contracts', () => {
  const prefix = uniquePrefix()
  const topology = topologyOf([{ service: 'shop', subscriptions: [Tally.Counted.type] }], {
    prefix,
    patterns: [Tally],
    replySlots: 1,
  })
  const [rule] = topology.rules
  const [events, queue, spare] = [topology.eventBus, `${prefix}-shop-evt`, `${prefix}-shop-old`]
  // A client for each test: it remembers the addresses of queues, those that are gone included.
  let clients = createTestClients()
  beforeEach(async () => {
    clients.close()
    clients = createTestClients()
    await provision(clients, topology)
  })
  afterAll(async () => {
    await removeProvisioned(clients, topology)
    clients.close()
  })

  const problems = async () =>
    (await inspectTopology(clients, topology)).drifts.map(({ what, name, problem }) => `${what} ${name} ${problem}`)

  test('finds nothing wrong with what provision made, and what lies in each queue', async () => {
    const sqs = await clients.queues()
    await sqs.sendMessage({ QueueUrl: await clients.queueUrl(queue), MessageBody: 'x' })
    const { drifts, depths } = await inspectTopology(clients, topology)
    expect(drifts).toEqual([])
    expect(depths).toHaveLength(topology.queues.length)
    expect(depths.filter(({ waiting }) => waiting > 0)).toEqual([{ name: queue, waiting: 1, inFlight: 0 }])
  })

  test('names what is missing and what no contract knows', async () => {
    const sqs = await clients.queues()
    await sqs.deleteQueue({ QueueUrl: await clients.queueUrl(`${prefix}-shop-cmd`) })
    await sqs.createQueue({ QueueName: spare })
    const bridge = await clients.events()
    await bridge.putRule({ Name: 'stray', EventBusName: events, EventPattern: '{"source":["x"]}' })
    clients.close()
    clients = createTestClients()
    expect(await problems()).toEqual([
      'rule stray is in no contract',
      `queue ${prefix}-shop-cmd is missing`,
      `queue ${spare} is in no contract`,
    ])
    await bridge.deleteRule({ Name: 'stray', EventBusName: events })
    await sqs.deleteQueue({ QueueUrl: await clients.queueUrl(spare) })
  })

  test('does not take the queues of another deployment, whose name begins the same, for its own', async () => {
    const sqs = await clients.queues()
    const bridge = await clients.events()
    await bridge.createEventBus({ Name: `${prefix}-more` })
    const { QueueUrl } = await sqs.createQueue({ QueueName: `${prefix}-more-shop-evt` })
    expect(await problems()).toEqual([])
    await sqs.deleteQueue({ QueueUrl })
    await bridge.deleteEventBus({ Name: `${prefix}-more` })
  })

  test('names attributes and policies of a queue that differ', async () => {
    const sqs = await clients.queues()
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }],
    })
    const Attributes = { VisibilityTimeout: '7', Policy }
    await sqs.setQueueAttributes({ QueueUrl: await clients.queueUrl(queue), Attributes })
    expect(await problems()).toEqual([
      `queue ${queue} visibility timeout is 7, not 30`,
      `queue ${queue} its policy does not let the rule ${rule?.name} in`,
      `queue ${queue} its policy lets others in than the rules that feed it`,
    ])
  })

  test('names a rule that matches other events, and one without its target', async () => {
    const bridge = await clients.events()
    await bridge.putRule({
      Name: rule?.name,
      EventBusName: events,
      EventPattern: '{"source":["x"]}',
      State: 'DISABLED',
    })
    await bridge.removeTargets({ Rule: rule?.name, EventBusName: events, Ids: ['queue'] })
    expect(await problems()).toEqual([
      `rule ${rule?.name} is disabled`,
      `rule ${rule?.name} matches {"source":["x"]}, not ${JSON.stringify(rule?.pattern)}`,
      `rule ${rule?.name} does not feed ${queue}`,
    ])
  })
})
