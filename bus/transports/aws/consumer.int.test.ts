import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { onFailpoint } from '../../failpoints.ts'
import { type ConsumerOptions, type QueueConsumer, type QueueMessage, startQueueConsumer } from './consumer.ts'
import { createQueueSender } from './queue-sender.ts'
import { countCalls } from './testing/counting.ts'
import { awsEndpoint, createTestClients, quick, uniquePrefix } from './testing/emulator.ts'
import { brokenService, type Decide, injectFaults, lostAnswer, partial, throttled } from './testing/faults.ts'

const wait = { timeout: 20_000, interval: 20 }
const many = (count: number): string[] => Array.from({ length: count }, (_, n) => `m${n}`)

describe.runIf(awsEndpoint)('a consumer', () => {
  const makers = createTestClients()
  let queue = ''
  let url = ''
  const consumers: QueueConsumer[] = []
  beforeEach(async () => {
    queue = uniquePrefix()
    const sqs = await makers.queues()
    url = (await sqs.createQueue({ QueueName: queue })).QueueUrl ?? ''
    return async () => {
      await Promise.all(consumers.splice(0).map((consumer) => consumer.close()))
      await sqs.deleteQueue({ QueueUrl: url })
    }
  })
  afterEach(() => onFailpoint(undefined))

  const send = async (bodies: readonly string[]): Promise<void> => {
    const results = await createQueueSender(makers)(queue, bodies)
    expect(results.every(({ accepted }) => accepted)).toBe(true)
  }

  /** Starts consuming behind faults; tells what arrived, what was reported, and the calls made. */
  const consuming = async (
    handle: ConsumerOptions['handle'],
    { faults = () => undefined, ...tuning }: Partial<ConsumerOptions> & { faults?: Decide } = {},
  ) => {
    const clients = createTestClients()
    await injectFaults(clients, faults)
    const calls = await countCalls(clients)
    const arrived: QueueMessage[] = []
    const problems: string[] = []
    const consumer = startQueueConsumer({
      ...quick,
      clients,
      name: 'tally.events',
      queue,
      random: () => 0.5,
      onProblem: ({ work, error }) => problems.push(`${work}: ${error}`),
      handle: async (message) => {
        arrived.push(message)
        await handle(message)
      },
      ...tuning,
    })
    consumers.push(consumer)
    return { consumer, arrived, problems, calls, bodies: () => arrived.map(({ body }) => body).toSorted() }
  }

  /** Messages that lie in the queue, hidden ones included. */
  const left = async (): Promise<number> => {
    const sqs = await makers.queues()
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const
    const { Attributes } = await sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: [...names] })
    return names.reduce((sum, name) => sum + Number(Attributes?.[name]), 0)
  }
  const empty = () => vi.waitFor(async () => expect(await left()).toBe(0), wait)

  test('keeps a slow message hidden while it is handled, so that it does not arrive twice', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { arrived, calls } = await consuming(() => promise)
    await send(['slow'])
    const beats = () => calls.get('ChangeMessageVisibilityBatchCommand') ?? 0
    // Five thirds of the time that it is hidden for, at least.
    await vi.waitFor(() => expect(beats()).toBeGreaterThanOrEqual(5), wait)
    resolve()
    await empty()
    expect(arrived).toEqual([{ body: 'slow', attempt: 1 }])
  })

  test('receives no more than it may handle at once', async () => {
    let running = 0
    let most = 0
    const gates: (() => void)[] = []
    const { bodies } = await consuming(
      async () => {
        most = Math.max(most, ++running)
        await new Promise<void>((resolve) => gates.push(resolve))
        running--
      },
      { concurrency: 12 },
    )
    await send(many(40))
    await vi.waitFor(() => expect(running).toBe(12), wait)
    expect(await left()).toBe(40)
    await vi.waitFor(() => {
      for (const open of gates.splice(0)) open()
      expect(bodies()).toHaveLength(40)
    }, wait)
    for (const open of gates.splice(0)) open()
    expect(most).toBe(12)
  })

  test('goes on beside messages that are slow', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { bodies } = await consuming(({ body }) => (body.startsWith('slow') ? promise : Promise.resolve()), {
      concurrency: 10,
    })
    await send(['slow1', 'slow2', 'slow3'])
    await vi.waitFor(() => expect(bodies()).toHaveLength(3), wait)
    await send(many(20))
    await vi.waitFor(() => expect(bodies()).toHaveLength(23), wait)
    resolve()
  })

  test('lets what failed come again, counts its attempts, and lets the others be', async () => {
    const { arrived, problems } = await consuming(async ({ body, attempt }) => {
      if (body === 'bad' && attempt < 4) throw new Error('no')
    })
    await send(['good', 'bad', 'better'])
    await vi.waitFor(() => expect(arrived).toHaveLength(6), wait)
    await empty()
    expect(arrived.filter(({ body }) => body === 'bad').map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4])
    expect(problems).toEqual(Array.from({ length: 3 }, () => 'handle: Error: no'))
  })

  test('waits longer after each failure, with jitter', async () => {
    const seconds: number[] = []
    const asked: number[] = []
    const { arrived } = await consuming(
      async ({ attempt }) => {
        if (attempt < 3) throw new Error('no')
      },
      {
        backoffSeconds: (attempt, random) => {
          asked.push(attempt)
          seconds.push(random())
          return 0
        },
      },
    )
    await send(['bad'])
    await vi.waitFor(() => expect(arrived).toHaveLength(3), wait)
    expect(asked).toEqual([1, 2])
    expect(seconds).toEqual([0.5, 0.5])
  })

  test('gives up on a handler that does not answer, and frees its place', async () => {
    const { arrived, problems } = await consuming(
      ({ attempt }) => (attempt === 1 ? new Promise(() => undefined) : Promise.resolve()),
      { timeoutMs: 50, concurrency: 1 },
    )
    await send(['stuck'])
    await vi.waitFor(() => expect(arrived.map(({ attempt }) => attempt)).toEqual([1, 2]), wait)
    expect(problems).toEqual(['handle: Error: No answer within 50 ms'])
  })

  test('deletes again only what was not deleted', async () => {
    const handled = async () => undefined
    const { arrived, calls } = await consuming(handled, {
      visibilitySeconds: 30,
      faults: (name, count) =>
        name === 'DeleteMessageBatchCommand' && count === 1 ? partial((at) => at < 3) : undefined,
    })
    await send(many(10))
    await empty()
    expect(arrived).toHaveLength(10)
    expect(calls.get('DeleteMessageBatchCommand')).toBe(2)
  })

  test('bears that the answer to a delete is lost', async () => {
    const handled = async () => undefined
    const { arrived, problems } = await consuming(handled, {
      visibilitySeconds: 30,
      faults: (name, count) => (name === 'DeleteMessageBatchCommand' && count === 1 ? lostAnswer() : undefined),
    })
    await send(many(10))
    await empty()
    expect(arrived).toHaveLength(10)
    expect(problems).toEqual([])
  })

  test('reports polls that fail, and goes on polling', async () => {
    const faults: Decide = (name, count) => {
      if (name !== 'ReceiveMessageCommand' || count > 4) return undefined
      return count % 2 === 0 ? throttled() : brokenService()
    }
    const handled = async () => undefined
    const { arrived, problems } = await consuming(handled, { faults })
    await send(['m1'])
    await vi.waitFor(() => expect(arrived).toHaveLength(1), wait)
    expect(problems).toEqual([
      'receive: InternalFailure: 500',
      'receive: ThrottlingException: Rate exceeded',
      'receive: InternalFailure: 500',
      'receive: ThrottlingException: Rate exceeded',
    ])
  })

  test('closes after what is under way, which is deleted, and leaves the rest to another', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const first = await consuming(() => promise, { concurrency: 10 })
    await send(many(30))
    await vi.waitFor(() => expect(first.arrived).toHaveLength(10), wait)
    const closing = first.consumer.close()
    resolve()
    await closing
    expect(await left()).toBe(20)
    const second = await consuming(async () => undefined)
    await empty()
    expect([...first.bodies(), ...second.bodies()].toSorted()).toEqual(many(30).toSorted())
  })

  test('closes at once while it waits for messages', async () => {
    const polls: string[] = []
    const faults: Decide = (name) => {
      polls.push(name)
      return undefined
    }
    const { consumer } = await consuming(async () => undefined, { waitSeconds: 20, faults })
    await vi.waitFor(() => expect(polls).toContain('ReceiveMessageCommand'), wait)
    const startedAt = performance.now()
    await consumer.close()
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })

  test('has a place to die before and after a delete', async () => {
    const places: string[] = []
    onFailpoint((place) => void places.push(place))
    await consuming(async () => undefined)
    await send(['m1'])
    await empty()
    await vi.waitFor(() => expect(places).toEqual(['tally.events.before_delete', 'tally.events.after_delete']), wait)
  })
})
