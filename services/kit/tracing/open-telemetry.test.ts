import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { describe, expect, test } from 'vitest'
import type { Trace } from '#bus/cqrs/pipeline.ts'
import { Forbidden } from '#bus/cqrs/errors.ts'
import { encodeEnvelope } from '#bus/envelope.ts'
import type { Outgoing } from '#bus/transports/transport.ts'
import { createMemoryTransport } from '#bus/transports/memory/memory.ts'
import { createTracing } from './open-telemetry.ts'
import { tracedOperations } from './traced-operations.ts'

const CALLER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const UNSAMPLED = CALLER.replace(/01$/, '00')
const TRACE_ID = CALLER.slice(3, 35)
const origin = { correlationId: 'cor_1', traceparent: CALLER }

/** Traces of the service `learning`; `exported` ends them. */
const scene = (share = 1) => {
  const spans: ReadableSpan[] = []
  const tracing = createTracing({
    share,
    exporter: {
      export: (some, done) => {
        spans.push(...some)
        done({ code: 0 })
      },
      shutdown: () => Promise.resolve(),
    },
  })
  return {
    ...tracing.of('learning'),
    exported: async () => {
      await tracing.close()
      return spans
    },
  }
}

describe('a span', () => {
  test('is a child of the origin, of the service, and gives its own place to the work', async () => {
    const { inSpan, exported } = scene()
    const given = await inSpan({ kind: 'consumer', name: 'process x', attributes: { n: 1 } }, origin, async (at) => at)
    const [span] = await exported()
    const { traceId, spanId } = span?.spanContext() ?? {}
    expect(span).toMatchObject({
      name: 'process x',
      kind: SpanKind.CONSUMER,
      parentSpanContext: { traceId: TRACE_ID, spanId: CALLER.slice(36, 52), isRemote: true },
      attributes: { n: 1, 'edtech.correlation_id': 'cor_1' },
      status: { code: SpanStatusCode.UNSET },
    })
    expect(span?.resource.attributes).toMatchObject({ 'service.name': 'learning' })
    expect(traceId).toBe(TRACE_ID)
    expect(given).toMatchObject({ correlationId: 'cor_1', traceparent: `00-${TRACE_ID}-${spanId}-01` })
  })

  test.each(['', 'not a trace', `ff${CALLER.slice(2)}`])('begins a trace where %j came', async (traceparent) => {
    const { inSpan, exported } = scene()
    await inSpan({ kind: 'internal', name: 'x' }, { ...origin, traceparent }, async () => undefined)
    const [span] = await exported()
    expect(span?.parentSpanContext).toBeUndefined()
  })

  test('that fails is marked so by its class alone: a message may hold what must not leave', async () => {
    const { inSpan, exported } = scene()
    const failing = inSpan({ kind: 'internal', name: 'x' }, origin, () =>
      Promise.reject(new TypeError('jo@example.org')),
    )
    await expect(failing).rejects.toThrow('jo@example.org')
    const [span] = await exported()
    expect(span).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'error.type': 'TypeError' },
      events: [],
    })
    expect(span?.status.message).toBeUndefined()
  })

  test('that fails at once is ended too', async () => {
    const { inSpan, exported } = scene()
    const failing = inSpan({ kind: 'internal', name: 'x' }, origin, () => {
      throw new Error('at once')
    })
    await expect(failing).rejects.toThrow('at once')
    expect(await exported()).toHaveLength(1)
  })

  test('of what a rule refused names the refusal and is no failure', async () => {
    const { inSpan, exported } = scene()
    const refused = inSpan({ kind: 'internal', name: 'x' }, origin, () => Promise.reject(Forbidden('courses:write')))
    await expect(refused).rejects.toSatisfy(Forbidden.is)
    expect(await exported()).toMatchObject([
      { status: { code: SpanStatusCode.UNSET }, attributes: { 'error.type': 'FORBIDDEN' } },
    ])
  })

  test('is linked to a span of another trace, and not to one of its own', async () => {
    const { inSpan, exported } = scene()
    const other = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await inSpan({ kind: 'consumer', name: 'x' }, origin, async ({ link }) => {
      link?.(CALLER)
      link?.(other)
    })
    const [span] = await exported()
    expect(span?.links).toMatchObject([{ context: { traceId: other.slice(3, 35), spanId: other.slice(36, 52) } }])
  })
})

describe('sampling', () => {
  test('is the decision of the caller where there is one, and it goes on', async () => {
    const { inSpan, exported } = scene()
    const at = await inSpan(
      { kind: 'internal', name: 'x' },
      { ...origin, traceparent: UNSAMPLED },
      async (given) => given,
    )
    expect(at.traceparent).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-00$`))
    expect(await exported()).toEqual([])
  })

  test('takes the share of the traces that begin here, and all that callers want', async () => {
    const { inSpan, exported } = scene(0)
    await inSpan({ kind: 'internal', name: 'own' }, { correlationId: 'cor_1' }, async () => undefined)
    await inSpan({ kind: 'internal', name: 'wanted' }, origin, async () => undefined)
    expect((await exported()).map(({ name }) => name)).toEqual(['wanted'])
  })
})

describe('a request', () => {
  test.each([
    [200, SpanStatusCode.UNSET],
    [404, SpanStatusCode.UNSET],
    [503, SpanStatusCode.ERROR],
  ])('that is answered %d is a server span with that status', async (status, code) => {
    const { startRequest, exported } = scene()
    const parent = CALLER
    startRequest({ operationId: 'getCourse', method: 'GET', correlationId: 'cor_1', parent }).end(status)
    expect(await exported()).toMatchObject([
      {
        name: 'getCourse',
        kind: SpanKind.SERVER,
        status: { code },
        attributes: { 'http.request.method': 'GET', 'http.response.status_code': status },
      },
    ])
  })
})

describe('commands and queries', () => {
  test('have a span around their metrics, whose place reaches the work', async () => {
    const { inSpan, exported } = scene()
    const trace = tracedOperations(inSpan, (_name, within, work) => work({ ...within, causationId: 'metrics' }))
    const at = await trace('learning.publish_course', origin, async (given) => given)
    const [span] = await exported()
    expect(span?.name).toBe('learning.publish_course')
    expect(at).toMatchObject({
      causationId: 'metrics',
      traceparent: expect.stringContaining(`${span?.spanContext().spanId}`),
    })
  })

  test('have their metrics alone where nothing is traced', () => {
    const metrics: Trace = (_name, at, work) => work(at)
    expect(tracedOperations(undefined, metrics)).toBe(metrics)
  })
})

/** A message as it lies in the outbox. */
const outgoing = (traceparent: string | undefined): Outgoing => ({
  key: 'crs_1',
  route: 'learning',
  type: 'learning.activate_enrollment',
  attempt: 2,
  body: encodeEnvelope({
    specversion: '1.0',
    id: 'msg_1',
    messagekind: 'request',
    type: 'learning.activate_enrollment',
    source: 'edtech.learning',
    time: '2026-03-01T12:00:00.000Z',
    subject: 'crs_1',
    dataversion: 1,
    correlationid: 'cor_1',
    traceparent,
    data: {},
  }),
})

describe('a message on its way out', () => {
  test('has a span for each attempt, under the span that wrote it, failed where it was not accepted', async () => {
    const { transport, exported } = scene()
    let isBroken = true
    const traced = transport(createMemoryTransport())
    traced.connect('learning', [], async () => {
      if (isBroken) throw new Error('jo@example.org')
    })
    expect(await traced.deliver([outgoing(CALLER)])).toMatchObject([{ accepted: false }])
    isBroken = false
    expect(await traced.deliver([outgoing(CALLER)])).toEqual([{ accepted: true }])
    const expected = {
      name: 'send learning.activate_enrollment',
      kind: SpanKind.PRODUCER,
      parentSpanContext: { spanId: CALLER.slice(36, 52) },
      attributes: { 'messaging.message.id': 'msg_1', 'messaging.destination.name': 'learning', 'edtech.attempt': 2 },
    }
    const spans = await exported()
    expect(spans).toMatchObject([
      { ...expected, status: { code: SpanStatusCode.ERROR } },
      { ...expected, status: { code: SpanStatusCode.UNSET } },
    ])
    expect(spans[0]?.status.message).toBeUndefined()
  })

  test('has none where it belongs to no trace, or cannot be read', async () => {
    const { transport, exported } = scene()
    const traced = transport(createMemoryTransport())
    traced.connect('learning', [], async () => undefined)
    const unreadable = { ...outgoing(CALLER), body: 'not an envelope' }
    expect(await traced.deliver([outgoing(undefined), unreadable])).toEqual([{ accepted: true }, { accepted: true }])
    expect(await exported()).toEqual([])
  })
})
