import type { Trace } from '#bus/cqrs/pipeline.ts'
import { isRefusal } from '#bus/unit-of-work/unit-of-work.ts'
import { Counter, Histogram, type Registry } from 'prom-client'
import { LATENCY_BUCKETS } from './http.ts'

/** Rate, errors and duration of commands and queries, whichever door they came in by: a `trace` for the pipeline. */
export const operationMetrics = (registry: Registry): Trace => {
  const operations = new Counter({
    name: 'operations_total',
    help: 'Commands and queries by type and outcome: done, refused by a rule, or failed.',
    labelNames: ['operation', 'outcome'],
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'operation_duration_seconds',
    help: 'Duration of commands and queries by type.',
    labelNames: ['operation'],
    buckets: LATENCY_BUCKETS,
    registers: [registry],
  })
  return async (operation, origin, work) => {
    const startedMs = performance.now()
    let outcome = 'done'
    try {
      return await work(origin)
    } catch (error) {
      outcome = isRefusal(error) ? 'refused' : 'failed'
      throw error
    } finally {
      operations.inc({ operation, outcome })
      durations.observe({ operation }, (performance.now() - startedMs) / 1000)
    }
  }
}
