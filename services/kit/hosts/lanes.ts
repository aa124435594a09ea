import type { Clock } from '#domain/kernel/clock.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import { openDatabase } from '#bus/postgres/database.ts'
import { createPostgresReplySlots } from '#bus/postgres/reply-slots.ts'
import { createAnswering } from '#bus/request-reply/answering.ts'
import { chooseLane } from '#bus/request-reply/choose-lane.ts'
import { createHttpLane } from '#bus/request-reply/http-lane.ts'
import { createMemoryLane, type Lane, type Respond } from '#bus/request-reply/requester.ts'
import { createServiceTokens, createTokenCheck } from '#bus/request-reply/service-token.ts'
import type { Consumption } from '#bus/request-reply/sqs-lane/queues.ts'
import { createSqsResponder } from '#bus/request-reply/sqs-lane/responder.ts'
import { createSqsLane } from '#bus/request-reply/sqs-lane/sqs-lane.ts'
import type { AwsClients } from '#bus/transports/aws/clients.ts'
import { createAwsLaneQueues } from '#bus/transports/aws/lane-queues.ts'
import { queueNames } from '#bus/transports/aws/topology.ts'
import type { Hono } from 'hono'
import type { Logger } from '../logging.ts'
import type { Metrics } from '../metrics.ts'
import type { ServiceTables } from '../service.ts'
import type { ContainerConfig } from './container-config.ts'
import { internalMessages } from './internal-messages.ts'

/** How requests leave a process and come into it. */
export interface Lanes {
  readonly lane: Lane
  /** The answering door of a service of this process. */
  register(service: string, respond: Respond): void
}

/** The lanes between processes of their own. */
export interface ContainerLanes extends Lanes {
  /** The responder of the http lane, for the internal listener. */
  readonly internal: Hono
  /** Takes requests out of the queue from now on. */
  start(): void
  /** Asks nothing more and waits for what is in flight. */
  closeAsking(): Promise<void>
  /** Takes no more requests out of the queue and finishes those it has. */
  closeAnswering(): Promise<void>
  dispose(): Promise<void>
}

export interface ContainerLanesOptions {
  readonly service: string
  readonly tables: ServiceTables
  readonly config: ContainerConfig
  readonly clients: AwsClients
  readonly clock: Clock
  readonly ids: Ids
  readonly random: () => number
  readonly metrics: Metrics
  readonly logger: Logger
}

/** Requests of others worked on at once, and what those that come on top are told to wait, in milliseconds. */
const CAPACITY = 64
const RETRY_AFTER_MS = 250
/** How long a stop waits for the replies to what was asked. */
const ASKING_GRACE_MS = 10_000

/** Opens the lanes of a service that runs alone: through queues, and over HTTP for what must not enter one. */
export const openContainerLanes = (options: ContainerLanesOptions): ContainerLanes => {
  const { service, tables, config, clients, clock, ids, random, metrics, logger } = options
  const memory = createMemoryLane()
  const names = queueNames(config.QUEUE_PREFIX)
  const token = createServiceTokens({ service, privateKeyPem: config.SERVICE_PRIVATE_KEY, clock })
  const check = createTokenCheck({ service, publicKeys: config.SERVICE_PUBLIC_KEYS, clock })
  const queues = createAwsLaneQueues({
    service,
    clients,
    random,
    onProblem: ({ queue, work, error }) => logger.warn({ err: error, queue, work }, 'queue trouble'),
  })
  const database = openDatabase({ url: config.DATABASE_URL, name: `${service}-reply-slots`, connections: 1 })
  const http = createHttpLane({ urlOf: (name) => config.INTERNAL_URLS[name], token })
  const sqs = createSqsLane({
    service,
    queues,
    names,
    slots: createPostgresReplySlots(database, tables.bus, config.REPLY_SLOTS),
    token,
    clock,
    observe: {
      dropped: metrics.lanes.sqs.dropped,
      slotLost: (slot) => {
        metrics.lanes.sqs.slotLost(slot)
        logger.warn({ slot: slot.slot }, 'another instance has taken the reply slot')
      },
    },
  })
  const lane = chooseLane({
    memory,
    http,
    sqs,
    onNoSlot: (asked) => {
      metrics.lanes.noSlot(asked)
      logger.warn({ asked }, 'no reply slot is free; requests go over HTTP')
    },
  })

  const answer = createAnswering({
    respond: (request, signal = new AbortController().signal) => memory.lane(service, request, signal),
    clock,
    capacity: CAPACITY,
    retryAfterMs: RETRY_AFTER_MS,
    observe: {
      overloaded: metrics.lanes.answering.overloaded,
      failed: (request, error) => {
        metrics.lanes.answering.failed(request, error)
        const { type, origin } = request
        logger.error({ err: error, type, correlationId: origin.correlationId }, 'a request failed')
      },
    },
  })
  const respond = createSqsResponder({
    service,
    queues,
    names,
    slotCount: config.REPLY_SLOTS,
    answer,
    check,
    clock,
    ids,
    dropped: metrics.lanes.requestDropped,
  })
  let consumption: Consumption | undefined

  return {
    lane,
    register: memory.register,
    internal: internalMessages({ answer, check }),
    start: () => {
      consumption = queues.consume(names.requests(service), respond)
    },
    closeAsking: () => sqs.close(ASKING_GRACE_MS),
    closeAnswering: async () => {
      await consumption?.close()
    },
    dispose: async () => {
      http.close()
      await database.close()
    },
  }
}
