import { Forbidden } from '#bus/cqrs/errors.ts'
import { createMetrics, type Metrics, type SagaCount } from '#services/kit/metrics.ts'
import { describe, expect, test } from 'vitest'

const origin = { correlationId: 'cor-1' }
const clock = { now: () => '2026-11-23T06:00:10.000Z' }

/** The value of one line of `/metrics`, such as `http_requests_total{status="200"}`; undefined when it is not there. */
async function valueOf(metrics: Metrics, series: string): Promise<number | undefined> {
  const { body } = await metrics.text()
  const line = body.split('\n').find((text) => text.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length))
}

test('the text is in the format of Prometheus and includes the process', async () => {
  const { contentType, body } = await createMetrics().text()
  expect(contentType).toContain('text/plain')
  expect(body).toContain('# TYPE process_cpu_seconds_total counter')
  expect(body).toContain('# TYPE http_request_duration_seconds histogram')
})

test('two processes, or two tests, do not count into each other', async () => {
  const [one, other] = [createMetrics({ process: false }), createMetrics({ process: false })]
  one.messages.duplicate('learning/inbox')
  const series = 'bus_duplicates_suppressed_total{consumer="learning/inbox"}'
  expect([await valueOf(one, series), await valueOf(other, series)]).toEqual([1, undefined])
})

test('a request counts by operation, method and status, and its duration by operation', async () => {
  const metrics = createMetrics({ process: false })
  const request = { operationId: 'getCourse', method: 'GET', status: 200, seconds: 0.003 }
  metrics.observeRequest(request)
  metrics.observeRequest({ ...request, status: 503, seconds: 0.2 })
  expect(await valueOf(metrics, 'http_requests_total{operation="getCourse",method="GET",status="200"}')).toBe(1)
  expect(await valueOf(metrics, 'http_requests_total{operation="getCourse",method="GET",status="503"}')).toBe(1)
  const bucket = 'http_request_duration_seconds_bucket{le="0.005",operation="getCourse"}'
  expect(await valueOf(metrics, bucket)).toBe(1)
  expect(await valueOf(metrics, 'http_request_duration_seconds_sum{operation="getCourse"}')).toBeCloseTo(0.203)
})

describe('an operation', () => {
  test('returns what the work returns and counts as done', async () => {
    const metrics = createMetrics({ process: false })
    expect(await metrics.traceOperation('learning.publish_course', origin, async () => 'done')).toBe('done')
    expect(await valueOf(metrics, 'operations_total{operation="learning.publish_course",outcome="done"}')).toBe(1)
    expect(await valueOf(metrics, 'operation_duration_seconds_count{operation="learning.publish_course"}')).toBe(1)
  })

  test('counts apart when a rule refused it and when it failed', async () => {
    const metrics = createMetrics({ process: false })
    const refused = metrics.traceOperation('x', origin, () => Promise.reject(Forbidden('courses:write')))
    await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const failed = metrics.traceOperation('x', origin, () => Promise.reject(new Error('bug')))
    await expect(failed).rejects.toThrow('bug')
    expect(await valueOf(metrics, 'operations_total{operation="x",outcome="refused"}')).toBe(1)
    expect(await valueOf(metrics, 'operations_total{operation="x",outcome="failed"}')).toBe(1)
  })
})

describe('a backlog', () => {
  test('of the outbox is read at each scrape', async () => {
    const metrics = createMetrics({ process: false })
    let backlog: { rows: number; oldest: string | undefined; heldKeys: number } = {
      rows: 3,
      oldest: '2026-11-23T06:00:02.500Z',
      heldKeys: 1,
    }
    metrics.backlogs.outbox('learning', { backlog: async () => backlog }, clock)
    const read = () =>
      Promise.all(
        ['outbox_oldest_age_seconds', 'outbox_rows', 'outbox_held_keys'].map((name) =>
          valueOf(metrics, `${name}{service="learning"}`),
        ),
      )
    expect(await read()).toEqual([7.5, 3, 1])
    backlog = { rows: 0, oldest: undefined, heldKeys: 0 }
    expect(await read()).toEqual([0, 0, 0])
  })

  test('of sagas goes back to 0 when the last instance leaves a status', async () => {
    const metrics = createMetrics({ process: false })
    let counts: SagaCount[] = [{ type: 'CourseEnrollment', status: 'parked', count: 2 }]
    metrics.backlogs.sagas('learning', async () => counts)
    const parked = 'saga_instances{service="learning",saga="CourseEnrollment",status="parked"}'
    expect(await valueOf(metrics, parked)).toBe(2)
    counts = []
    expect(await valueOf(metrics, parked)).toBe(0)
  })

  test('that cannot be read is counted, and the others are read', async () => {
    const metrics = createMetrics({ process: false })
    metrics.backlogs.deadLetters('learning', () => Promise.reject(new Error('no database')))
    metrics.backlogs.deadLetters('payment', async () => 2)
    expect(await valueOf(metrics, 'dead_letters{service="payment"}')).toBe(2)
    expect(await valueOf(metrics, 'metrics_reading_failures_total{source="dead letters of learning"}')).toBe(2)
  })
})

test('a delivery that failed counts by service and type', async () => {
  const metrics = createMetrics({ process: false })
  metrics.relayFailure('learning', 'course.published')
  expect(await valueOf(metrics, 'relay_failures_total{service="learning",type="course.published"}')).toBe(1)
})

test('the breaker of Redis shows while it is open', async () => {
  const metrics = createMetrics({ process: false })
  metrics.redisBreaker('open')
  expect(await valueOf(metrics, 'redis_breaker_open')).toBe(1)
  metrics.redisBreaker('closed')
  expect(await valueOf(metrics, 'redis_breaker_open')).toBe(0)
})
