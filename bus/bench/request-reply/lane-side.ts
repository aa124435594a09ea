// P7: the round trip of a request to another process: p50 of one at a time, and the time of each where many are in flight.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { systemClock as clock } from '#domain/kernel/clock.ts'
import { systemIds as ids } from '#services/kit/ids.ts'
import { createMemoryReplySlots } from '../../memory/reply-slots.ts'
import { Users } from '../../patterns/user.ts'
import { createHttpLane } from '../../request-reply/http-lane.ts'
import { createRequester, type Lane } from '../../request-reply/requester.ts'
import { createServiceTokens } from '../../request-reply/service-token.ts'
import { createSqsLane } from '../../request-reply/sqs-lane/sqs-lane.ts'
import { createServiceKeys } from '../../request-reply/testing/service-keys.ts'
import { createAwsLaneQueues } from '../../transports/aws/lane-queues.ts'
import { provision } from '../../transports/aws/provision.ts'
import { createTestClients } from '../../transports/aws/testing/emulator.ts'
import { queueNames, topologyOf } from '../../transports/aws/topology.ts'
import { median } from '../harness/rounds.ts'
import { serveRounds } from '../harness/side.ts'
import { NAMES_PREFIX, SLOTS } from './queues.ts'

const IN_FLIGHT = 32
const [kind = 'http'] = process.argv.slice(2)
const keys = createServiceKeys('learning')
const token = createServiceTokens({ service: 'learning', privateKeyPem: keys.privateKeyOf('learning'), clock })

const overSqs = async (): Promise<Lane> => {
  const clients = createTestClients()
  const services = ['learning', 'user'].map((service) => ({ service, subscriptions: [] }))
  await provision(clients, topologyOf(services, { prefix: NAMES_PREFIX, replySlots: SLOTS }))
  return createSqsLane({
    service: 'learning',
    queues: createAwsLaneQueues({ service: 'learning', clients, random: () => 0.5 }),
    names: queueNames(NAMES_PREFIX),
    slots: createMemoryReplySlots(SLOTS),
    token,
    clock,
    observe: { dropped: () => undefined, slotLost: () => undefined },
  }).lane
}

const sqs = kind === 'sqs' ? await overSqs() : undefined
const other = fileURLToPath(new URL('answering-process.ts', import.meta.url))
const child = fork(other, [kind, keys.publicKeys['learning'] ?? ''])
const [port] = await once(child, 'message')
const lane = sqs ?? createHttpLane({ urlOf: () => `http://127.0.0.1:${port}`, token }).lane
const requester = createRequester({ service: 'learning', lane, clock, ids })
const sid = Users.CheckSession.input.parse({ sid: ids.next('ses') })
const ask = () => requester.request(Users.CheckSession, sid, { origin: { correlationId: 'cor_1' } })

serveRounds({
  run: async (operations) => {
    const alone: number[] = []
    for (let n = 0; n < operations / 4; n++) {
      const startedMs = performance.now()
      await ask()
      alone.push((performance.now() - startedMs) * 1_000)
    }
    let left = operations
    const startedMs = performance.now()
    const asking = async (): Promise<void> => {
      while (left-- > 0) await ask()
    }
    await Promise.all(Array.from({ length: IN_FLIGHT }, asking))
    const together = ((performance.now() - startedMs) * 1_000) / operations
    return { 'us p50': median(alone), [`us each, ${IN_FLIGHT} in flight`]: together }
  },
})
