import { afterAll, describe, expect, test } from 'vitest'
import { provision, removeProvisioned } from './provision.ts'
import { awsEndpoint, createTestClients, Tally, uniquePrefix } from './testing/emulator.ts'
import { topologyOf } from './topology.ts'

describe.runIf(awsEndpoint)('provision', () => {
  const clients = createTestClients()
  const prefix = uniquePrefix()
  const subscriptions = [Tally.Counted.type, Tally.Reset.type]
  const topology = topologyOf([{ service: 'shop', subscriptions }], { prefix, patterns: [Tally], replySlots: 1 })
  afterAll(async () => {
    await removeProvisioned(clients, topology)
    clients.close()
  })

  const attributesOf = async (queue: string) => {
    const sqs = await clients.queues()
    const QueueUrl = await clients.queueUrl(queue)
    return (await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] })).Attributes
  }

  test('makes what the topology names, and can be run again', async () => {
    await provision(clients, topology)
    await provision(clients, topology)
    for (const { name, visibilitySeconds, retentionSeconds, redrive } of topology.queues) {
      const attributes = await attributesOf(name)
      expect(attributes).toMatchObject({
        VisibilityTimeout: String(visibilitySeconds),
        MessageRetentionPeriod: String(retentionSeconds),
      })
      const policy = JSON.parse(attributes?.RedrivePolicy ?? '{}')
      expect(policy.deadLetterTargetArn?.split(':').at(-1)).toBe(redrive?.deadLetterQueue)
    }
    const events = await clients.events()
    for (const { name, queue, deadLetterQueue } of topology.rules)
      expect((await events.listTargetsByRule({ Rule: name, EventBusName: topology.eventBus })).Targets).toMatchObject([
        {
          Arn: expect.stringMatching(`:${queue}$`),
          InputPath: '$.detail',
          DeadLetterConfig: { Arn: expect.stringMatching(`:${deadLetterQueue}$`) },
        },
      ])
  })

  test('changes a queue that was made with other settings', async () => {
    const slower = topologyOf([{ service: 'shop', subscriptions }], {
      prefix,
      patterns: [Tally],
      replySlots: 1,
      handlerSeconds: 9,
    })
    await provision(clients, slower)
    expect(await attributesOf(`${prefix}-shop-evt`)).toMatchObject({ VisibilityTimeout: '54' })
  })

  test('lets the rules of a queue put into it and into its dead-letter queue, and nobody else', async () => {
    await provision(clients, topology)
    const [rule] = topology.rules
    for (const queue of [`${prefix}-shop-evt`, `${prefix}-shop-evt-dlq`]) {
      const { Statement } = JSON.parse((await attributesOf(queue))?.Policy ?? '{}')
      expect(Statement).toHaveLength(1)
      expect(Statement[0]).toMatchObject({
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Condition: { ArnEquals: { 'aws:SourceArn': [expect.stringMatching(`/${rule?.name}$`)] } },
      })
      expect(Statement[0].Resource.split(':').at(-1)).toBe(queue)
    }
    expect(await attributesOf(`${prefix}-shop-cmd`)).not.toHaveProperty('Policy')
  })

  test('removes all of it, and bears that it is gone', async () => {
    await provision(clients, topology)
    const objects = await clients.objects()
    await objects.putObject({ Bucket: topology.claimsBucket, Key: 'left-behind', Body: 'x' })
    await removeProvisioned(clients, topology)
    const sqs = await clients.queues()
    expect((await sqs.listQueues({ QueueNamePrefix: prefix })).QueueUrls ?? []).toEqual([])
    await removeProvisioned(clients, topology)
  })
})
