import { Counter, Histogram, type Registry } from 'prom-client'

/** From half a millisecond to ten seconds, after which every request has ended. */
export const LATENCY_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

export interface ObservedRequest {
  readonly operationId: string
  readonly method: string
  readonly status: number
  readonly seconds: number
}

/** Rate, errors and duration of HTTP operations. Labels come from the routes, never from a path or a query. */
export const requestMetrics = (registry: Registry) => {
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Answered requests by operation, method and status.',
    labelNames: ['operation', 'method', 'status'],
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to its answer, by operation.',
    labelNames: ['operation'],
    buckets: LATENCY_BUCKETS,
    registers: [registry],
  })
  return ({ operationId, method, status, seconds }: ObservedRequest): void => {
    requests.inc({ operation: operationId, method, status })
    durations.observe({ operation: operationId }, seconds)
  }
}
