import type { DispatchObserver } from '#bus/messaging/dispatcher.ts'
import { Counter, Histogram, type Registry } from 'prom-client'
import { LATENCY_BUCKETS } from './http.ts'

/** What happens to messages: handled, suppressed as duplicates, failed, expired. An observer for the dispatcher. */
export const messageMetrics = (registry: Registry): DispatchObserver => {
  const registers = [registry]
  const handled = new Histogram({
    name: 'bus_message_duration_seconds',
    help: 'Duration of handling a message, by consumer and type.',
    labelNames: ['consumer', 'type'],
    buckets: LATENCY_BUCKETS,
    registers,
  })
  const duplicates = new Counter({
    name: 'bus_duplicates_suppressed_total',
    help: 'Messages that had taken effect before, by consumer.',
    labelNames: ['consumer'],
    registers,
  })
  const failures = new Counter({
    name: 'bus_message_failures_total',
    help: 'Failed attempts to handle a message; final ones went to the dead letters.',
    labelNames: ['consumer', 'type', 'final'],
    registers,
  })
  const expired = new Counter({
    name: 'bus_requests_expired_total',
    help: 'Requests whose deadline had passed when they arrived, by type.',
    labelNames: ['type'],
    registers,
  })
  return {
    handled: (consumer, type, seconds) => handled.observe({ consumer, type }, seconds),
    duplicate: (consumer) => duplicates.inc({ consumer }),
    failed: (consumer, { type }, _error, final) => failures.inc({ consumer, type, final: String(final) }),
    expired: (type) => expired.inc({ type }),
  }
}
