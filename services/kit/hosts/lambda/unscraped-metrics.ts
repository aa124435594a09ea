import type { Logger } from '../../logging.ts'
import type { Metrics } from '../../metrics.ts'

const nothing = (): void => undefined

/**
 * Nobody scrapes a function, and what it counts ends with it: the figures stand in its log lines (each request with its
 * status and time, each failure), and Lambda and the queues count the rest. So that it loads no client of Prometheus.
 */
export const unscrapedMetrics = (logger: Logger): Metrics => ({
  observeRequest: nothing,
  traceOperation: (_name, origin, work) => work(origin),
  messages: { handled: nothing, duplicate: nothing, failed: nothing, expired: nothing },
  backlogs: { outbox: nothing, deadLetters: nothing, sagas: nothing },
  relayFailure: nothing,
  lanes: {
    answering: { overloaded: nothing, failed: nothing },
    sqs: { dropped: nothing, slotLost: nothing },
    requestDropped: nothing,
    noSlot: nothing,
  },
  redisBreaker: (state) => logger.warn({ state }, 'circuit breaker of Redis'),
  text: () => Promise.resolve({ contentType: 'text/plain', body: '' }),
})
