import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createAwsClients } from './clients.ts'
import { type DeadLetterQueue, MoveNotSupported, openDeadLetterQueue } from './dead-letter-queue.ts'
import { awsEndpoint, uniquePrefix } from './testing/emulator.ts'

/** ElasticMQ, which knows how to move messages out of a dead-letter queue; the other emulator does not. */
const elasticMq = process.env['ELASTICMQ_URL']

/** A queue whose messages go to its dead-letter queue after one receive. */
const openQueues = (endpoint: string | undefined) => {
  const clients = createAwsClients({
    region: 'us-east-1',
    endpoint,
    connectTimeoutMs: 5_000,
    requestTimeoutMs: 10_000,
  })
  const [queue, deadLetterQueue] = [uniquePrefix(), uniquePrefix()]
  const dead: DeadLetterQueue = openDeadLetterQueue(clients, deadLetterQueue)
  const make = async (): Promise<void> => {
    const sqs = await clients.queues()
    const { QueueUrl } = await sqs.createQueue({ QueueName: deadLetterQueue })
    const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] })
    const policy = { deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 1 }
    await sqs.createQueue({ QueueName: queue, Attributes: { RedrivePolicy: JSON.stringify(policy) } })
  }
  const receive = async (name: string, VisibilityTimeout: number) => {
    const QueueUrl = await clients.queueUrl(name)
    const answer = await (await clients.queues()).receiveMessage({
      QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout,
    })
    return (answer.Messages ?? []).map(({ Body = '' }) => Body)
  }
  const depth = async (): Promise<number> => {
    const { Attributes } = await (await clients.queues()).getQueueAttributes({
      QueueUrl: await clients.queueUrl(deadLetterQueue),
      AttributeNames: ['ApproximateNumberOfMessages'],
    })
    return Number(Attributes?.ApproximateNumberOfMessages)
  }
  /** Sends messages and receives each until the dead-letter queue, empty before, has them all. */
  const kill = async (...bodies: string[]): Promise<void> => {
    const [sqs, QueueUrl] = [await clients.queues(), await clients.queueUrl(queue)]
    for (const MessageBody of bodies) await sqs.sendMessage({ QueueUrl, MessageBody })
    await vi.waitFor(
      async () => {
        await receive(queue, 0)
        expect(await depth()).toBe(bodies.length)
      },
      { timeout: 20_000 },
    )
  }
  const remove = async (): Promise<void> => {
    const sqs = await clients.queues()
    for (const name of [queue, deadLetterQueue]) await sqs.deleteQueue({ QueueUrl: await clients.queueUrl(name) })
    clients.close()
  }
  return { clients, queue, deadLetterQueue, dead, make, kill, receive, remove }
}

describe.runIf(awsEndpoint)('a dead-letter queue', () => {
  const { clients, deadLetterQueue, dead, make, kill, remove } = openQueues(awsEndpoint)
  beforeAll(make)
  afterAll(remove)

  const bodies = async () => (await dead.list()).map(({ body }) => body).toSorted()

  test('lists more messages than one receive brings, and leaves them where they are', async () => {
    const many = Array.from({ length: 12 }, (_, at) => `many ${10 + at}`)
    await kill(...many)
    expect(await bodies()).toEqual(many)
    expect(await bodies()).toEqual(many)
    await dead.purge()
    expect(await bodies()).toEqual([])
  })

  test('drops one message and no other', async () => {
    await kill('a', 'b', 'c')
    const second = (await dead.list()).find(({ body }) => body === 'b')
    expect(await dead.drop(second?.messageId ?? '')).toBe(true)
    expect(await dead.drop(second?.messageId ?? '')).toBe(false)
    expect(await bodies()).toEqual(['a', 'c'])
    await dead.purge()
  })

  test('says of a message which rule could not deliver it, or that its consumer died', async () => {
    await kill('consumed')
    const attribute = (StringValue: string) => ({ DataType: 'String', StringValue })
    await (await clients.queues()).sendMessage({
      QueueUrl: await clients.queueUrl(deadLetterQueue),
      MessageBody: 'undelivered',
      MessageAttributes: {
        RULE_ARN: attribute('arn:aws:events:us-east-1:000000000000:rule/shop/shop-from-tally'),
        ERROR_CODE: attribute('NO_PERMISSIONS'),
      },
    })
    expect((await dead.list()).map(({ reason }) => reason).toSorted()).toEqual([
      'It was received too often without being deleted: its consumer died of it.',
      'The rule shop-from-tally could not deliver it: NO_PERMISSIONS',
    ])
    await dead.purge()
  })

  test('says so where the queue service cannot move messages', async () => {
    await expect(dead.redrive()).rejects.toThrow(MoveNotSupported)
  })
})

describe.runIf(elasticMq)('a dead-letter queue of a service that moves messages', () => {
  const { queue, dead, make, kill, receive, remove } = openQueues(elasticMq)
  beforeAll(make)
  afterAll(remove)

  test('is emptied into the queue that its messages came from', async () => {
    await kill('a', 'b', 'c')
    await dead.redrive()
    await vi.waitFor(async () => expect(await dead.lastMove()).toMatchObject({ status: 'COMPLETED', moved: 3 }), {
      timeout: 20_000,
    })
    expect(await dead.list()).toEqual([])
    expect((await receive(queue, 30)).toSorted()).toEqual(['a', 'b', 'c'])
  })
})
