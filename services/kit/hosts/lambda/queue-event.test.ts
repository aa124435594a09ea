import { expect, test } from 'vitest'
import { createQueueBatch } from './queue-event.ts'

const LONG_MS = 10_000

const event = (...bodies: string[]) => ({
  Records: bodies.map((body, at) => ({
    messageId: `m${at}`,
    body,
    attributes: { ApproximateReceiveCount: String(at + 1) },
  })),
})

const batch = (handle: (body: string) => Promise<void>, concurrency = 2) => {
  const told: string[] = []
  const run = createQueueBatch({
    concurrency,
    handle: ({ body, attempt }) => {
      told.push(`${body} at ${attempt}`)
      return handle(body)
    },
    onFailure: (messageId, error) => told.push(`${messageId}: ${error}`),
  })
  const failed = async (leftMs: number, ...bodies: string[]) => {
    const { batchItemFailures } = await run(event(...bodies), leftMs)
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
  }
  return { told, failed }
}

test('every record is handled with its count of receives, and only those that fail come again', async () => {
  const { told, failed } = batch(async (body) => {
    if (body === 'bad') throw new Error('no')
  })
  expect(await failed(LONG_MS, 'a', 'bad', 'c')).toEqual(['m1'])
  expect(told.toSorted()).toEqual(['a at 1', 'bad at 2', 'c at 3', 'm1: Error: no'])
})

test('nothing is remembered from one batch to the next', async () => {
  const { failed } = batch(async (body) => {
    if (body === 'bad') throw new Error('no')
  })
  expect(await failed(LONG_MS, 'bad')).toEqual(['m0'])
  expect(await failed(LONG_MS, 'good')).toEqual([])
})

test('no more records are handled at once than allowed', async () => {
  let running = 0
  let most = 0
  const { failed } = batch(async () => {
    most = Math.max(most, ++running)
    await new Promise(setImmediate)
    running--
  }, 3)
  expect(await failed(LONG_MS, 'a', 'b', 'c', 'd', 'e', 'f', 'g')).toEqual([])
  expect(most).toBe(3)
})

test('what is not done when the time is over comes again, and nothing more is begun', async () => {
  const stuck = Promise.withResolvers<void>()
  const { told, failed } = batch((body) => (body === 'stuck' ? stuck.promise : Promise.resolve()), 1)
  expect(await failed(20, 'a', 'stuck', 'c')).toEqual(['m1', 'm2'])
  stuck.resolve()
  await new Promise(setImmediate)
  expect(told).toEqual(['a at 1', 'stuck at 2'])
})

test('an event that is no batch of a queue is refused', async () => {
  await expect(
    createQueueBatch({ handle: async () => undefined, onFailure: () => undefined, concurrency: 1 })({}, 1),
  ).rejects.toThrow('Records')
})
