import type { Trace } from '#bus/cqrs/pipeline.ts'
import type { DispatchObserver } from '#bus/messaging/dispatcher.ts'
import { isAnswered } from '#bus/patterns/directory.ts'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { type Backlogs, backlogGauges } from './metrics/gauges.ts'
import { type LaneMetrics, laneMetrics } from './metrics/lanes.ts'
import { type ObservedRequest, requestMetrics } from './metrics/http.ts'
import { messageMetrics } from './metrics/messages.ts'
import { operationMetrics } from './metrics/operations.ts'

export type { Backlogs, SagaCount } from './metrics/gauges.ts'

export interface MetricsOptions {
  /** Memory, garbage collection and event loop of this process too; true by default. */
  readonly process?: boolean
}

/** The metrics of one process. */
export interface Metrics {
  /** Counts an answered HTTP request. */
  observeRequest(request: ObservedRequest): void
  /** Counts commands and queries: give it to the pipeline as `trace`. */
  readonly traceOperation: Trace
  /** Counts messages: give it to the dispatcher as `observe`. */
  readonly messages: DispatchObserver
  /** Counts requests between processes. */
  readonly lanes: LaneMetrics
  /** Relay lag, saga counts, dead letters: register each once, they are read at every scrape. */
  readonly backlogs: Backlogs
  /** Counts a delivery that the relay of a service will try again: call it from its `onFailure`. */
  relayFailure(service: string, type: string): void
  /** Told of the state of Redis' circuit breaker: give it as `onChange`. */
  redisBreaker(state: 'open' | 'closed'): void
  /** The answer of `/metrics`, in Prometheus' text format. A reading that fails is counted and does not stop the others. */
  text(): Promise<{ readonly contentType: string; readonly body: string }>
}

/**
 * @example
 * const metrics = createMetrics()
 * const pipeline = createPipeline({ ...parts, trace: metrics.traceOperation })
 * metrics.backlogs.outbox('learning', outbox, clock)
 */
export const createMetrics = (options: MetricsOptions = {}): Metrics => {
  const registry = new Registry()
  if (options.process !== false) collectDefaultMetrics({ register: registry })
  const failedReadings = new Counter({
    name: 'metrics_reading_failures_total',
    help: 'Readings that failed at a scrape, by source; their gauges show the last value.',
    labelNames: ['source'],
    registers: [registry],
  })
  const breaker = new Gauge({
    name: 'redis_breaker_open',
    help: '1 while Redis is bypassed because it does not answer.',
    registers: [registry],
  })
  const relayFailures = new Counter({
    name: 'relay_failures_total',
    help: 'Deliveries that failed and hold their key back, by service and type.',
    labelNames: ['service', 'type'],
    registers: [registry],
  })
  const readings = new Map<string, () => Promise<void>>()

  const readAll = () =>
    Promise.all(
      [...readings].map(([source, read]) =>
        read().catch(() => {
          failedReadings.inc({ source })
        }),
      ),
    )

  return {
    observeRequest: requestMetrics(registry),
    traceOperation: operationMetrics(registry),
    messages: messageMetrics(registry),
    lanes: laneMetrics(registry, isAnswered),
    backlogs: backlogGauges(registry, (source, read) => readings.set(source, read)),
    relayFailure: (service, type) => relayFailures.inc({ service, type }),
    redisBreaker: (state) => breaker.set(state === 'open' ? 1 : 0),
    text: async () => {
      await readAll()
      return { contentType: registry.contentType, body: await registry.metrics() }
    },
  }
}
