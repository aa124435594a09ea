import type { Clock } from '#domain/kernel/clock.ts'
import { createAnswering } from '#bus/request-reply/answering.ts'
import { chooseLane } from '#bus/request-reply/choose-lane.ts'
import { createHttpLane } from '#bus/request-reply/http-lane.ts'
import { createMemoryLane } from '#bus/request-reply/requester.ts'
import { createServiceTokens, createTokenCheck } from '#bus/request-reply/service-token.ts'
import type { Hono } from 'hono'
import type { Logger } from '../../logging.ts'
import { internalMessages } from '../internal-messages.ts'
import type { Lanes } from '../lanes.ts'
import type { LambdaConfig } from './lambda-config.ts'

/** The lanes of a function. It waits at no queue: others are asked over HTTP, and ask it at an API that is only theirs. */
export interface LambdaLanes extends Lanes {
  readonly internal: Hono
  /** True for the host name of that API, which the gateway tells, and no caller. */
  isInternal(domainName: string): boolean
  close(): void
}

export interface LambdaLanesOptions {
  readonly service: string
  readonly config: LambdaConfig
  readonly clock: Clock
  readonly logger: Logger
}

/** Requests worked on at once; a copy of a function gets no more than one today. */
const CAPACITY = 64
const RETRY_AFTER_MS = 250

export const openLambdaLanes = ({ service, config, clock, logger }: LambdaLanesOptions): LambdaLanes => {
  const { SERVICE_PRIVATE_KEY: privateKeyPem, SERVICE_PUBLIC_KEYS: publicKeys, INTERNAL_URLS: urls } = config
  const own = urls[service]
  const internalHost = own === undefined ? undefined : new URL(own).hostname
  const memory = createMemoryLane()
  const http = createHttpLane({
    urlOf: (name) => urls[name],
    token: createServiceTokens({ service, privateKeyPem, clock }),
  })
  const answer = createAnswering({
    respond: (request, signal = new AbortController().signal) => memory.lane(service, request, signal),
    clock,
    capacity: CAPACITY,
    retryAfterMs: RETRY_AFTER_MS,
    observe: {
      overloaded: (type) => logger.warn({ type }, 'overloaded'),
      failed: ({ type, origin }, error) =>
        logger.error({ err: error, type, correlationId: origin.correlationId }, 'a request failed'),
    },
  })
  return {
    lane: chooseLane({ memory, http, onNoSlot: () => undefined }),
    register: memory.register,
    internal: internalMessages({ answer, check: createTokenCheck({ service, publicKeys, clock }) }),
    isInternal: (domainName) => domainName === internalHost,
    close: http.close,
  }
}
