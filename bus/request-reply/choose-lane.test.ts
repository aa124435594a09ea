import { expect, test } from 'vitest'
import type { ReplyData } from '../envelope.ts'
import { Payments } from '../patterns/payment.ts'
import { Users } from '../patterns/user.ts'
import { chooseLane } from './choose-lane.ts'
import { createMemoryLane, type Lane } from './requester.ts'

const by =
  (name: string): Lane =>
  async () => ({ outcome: 'replied', output: name })
const request = (type: string) =>
  ({
    type,
    data: {},
    from: 'learning',
    id: 'msg_1',
    idempotencyKey: 'msg_1',
    origin: { correlationId: 'cor_1' },
  }) as const

/** A process in which `user` runs; which other lanes it has is the test's. */
const choosing = ({ slot, urls }: { slot?: boolean | Error; urls?: readonly string[] }) => {
  const memory = createMemoryLane()
  memory.register('user', async () => ({ outcome: 'replied', output: 'memory' }))
  const alarms: string[] = []
  const lane = chooseLane({
    memory,
    ...(urls ? { http: { lane: by('http'), reaches: (service) => urls.includes(service) } } : {}),
    ...(slot === undefined
      ? {}
      : {
          sqs: {
            lane: by('sqs'),
            ready: async () => {
              if (slot instanceof Error) throw slot
              return slot
            },
          },
        }),
    onNoSlot: (service) => alarms.push(service),
  })
  const ask = async (service: string, type: string = Payments.GetPaymentStatus.type): Promise<unknown> => {
    const reply: ReplyData = await lane(service, request(type), new AbortController().signal)
    return reply.outcome === 'replied' ? reply.output : reply.code
  }
  return { ask, alarms }
}

test('a request stays within the process where the service runs in it', async () => {
  expect(await choosing({ slot: true, urls: ['user'] }).ask('user', Users.CheckSession.type)).toBe('memory')
})

test('it goes through queues between containers', async () => {
  const { ask, alarms } = choosing({ slot: true, urls: ['payment'] })
  expect([await ask('payment'), alarms]).toEqual(['sqs', []])
})

test.each([
  ['no slot is free', false],
  ['the leases are out of reach', new Error('no database')],
])('it goes over HTTP where %s, and an alarm is raised', async (_, slot) => {
  const { ask, alarms } = choosing({ slot, urls: ['payment'] })
  expect([await ask('payment'), alarms]).toEqual(['http', ['payment']])
})

test('it goes over HTTP from a process without queues', async () => {
  const { ask, alarms } = choosing({ urls: ['payment'] })
  expect([await ask('payment'), alarms]).toEqual(['http', []])
})

test('what is sensitive never goes through queues', async () => {
  const { ask } = choosing({ slot: true, urls: ['other'] })
  expect(await ask('other', Users.GetUserContact.type)).toBe('http')
  await expect(ask('payment', Users.GetUserContact.type)).rejects.toThrow(
    'it is sensitive, and no internal URL is known',
  )
})

test('it fails at once where no lane leads to the service', async () => {
  await expect(choosing({}).ask('payment')).rejects.toThrow('no lane leads there')
})
