import { type Clock, systemClock } from '#domain/kernel/clock.ts'
import { type ConfigSource, environment, loadConfig } from '../config.ts'
import type { ServiceDefinition } from '../service.ts'
import { composeLambda } from './lambda/compose-lambda.ts'
import type { HttpResult } from './lambda/http-event.ts'
import { LambdaConfig } from './lambda/lambda-config.ts'
import type { QueueResult } from './lambda/queue-event.ts'
import { untilItFails } from './lambda/until-it-fails.ts'

/** The part of Lambda's context that is used. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number
}

/** The three ways into a service that runs as functions; each is the handler of a function of its own. */
export interface LambdaEntries {
  /** A request through an HTTP API (payload format 2.0) or a function URL. */
  http(event: unknown, context: LambdaContext): Promise<HttpResult>
  /** A batch of its queues, with `ReportBatchItemFailures`. */
  queue(event: unknown, context: LambdaContext): Promise<QueueResult>
  /** Once a minute: what requests have left in the outbox, due timers, jobs. */
  schedule(event: unknown, context: LambdaContext): Promise<void>
}

export interface LambdaOptions {
  readonly source?: ConfigSource
  readonly clock?: Clock
}

/** What is left for an answer, a log line, and the end of a statement that is under way. */
const MARGIN_MS = 1_000

/**
 * A service as Lambda's handlers. Configuration is read here, so that a wrong variable fails the init phase with its
 * name. The composition begins at once as well, because the init phase has more CPU than an event, and all events share
 * it; when it fails, the next event tries again. Throws `ConfigError`.
 * @example
 * export const { http, queue, schedule } = lambdaOf(learning)
 */
export const lambdaOf = <Config>(
  service: ServiceDefinition<Config>,
  { source = environment, clock = systemClock }: LambdaOptions = {},
): LambdaEntries => {
  const config = loadConfig(LambdaConfig, source)
  const own = loadConfig(service.config, source)
  const composed = untilItFails(() => composeLambda(service, own, config, clock))
  composed().catch(() => undefined)
  const leftMs = (context: LambdaContext): number => Math.max(0, context.getRemainingTimeInMillis() - MARGIN_MS)
  return {
    http: async (event, context) => (await composed()).http(event, leftMs(context)),
    queue: async (event, context) => (await composed()).queue(event, leftMs(context)),
    schedule: async (_event, context) => (await composed()).schedule(leftMs(context)),
  }
}
