import { createServer } from 'node:http'
import { z } from 'zod'
import { listen } from '#services/kit/redis/testing/listen.ts'

const Attributes = z.array(z.object({ key: z.string(), value: z.looseObject({ stringValue: z.string().optional() }) }))

/** OTLP/HTTP in JSON, as far as a test looks at it. */
const Export = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: Attributes }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().default(''),
              name: z.string(),
              attributes: Attributes.default([]),
              links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
            }),
          ),
        }),
      ),
    }),
  ),
})

/** A span as the collector got it, of the service that wrote it. */
export interface CollectedSpan {
  readonly service: string
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  /** Of a consumer. */
  readonly consumer: string | undefined
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
}

export interface SpanCollector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string
  /** All that arrived so far. */
  readonly spans: readonly CollectedSpan[]
  /** The same as it came. */
  readonly bodies: readonly string[]
  close(): Promise<void>
}

const textOf = (attributes: z.infer<typeof Attributes>, key: string): string | undefined =>
  attributes.find((attribute) => attribute.key === key)?.value.stringValue

const spansOf = (body: string): CollectedSpan[] =>
  Export.parse(JSON.parse(body)).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ attributes, ...span }) => ({
        ...span,
        service: textOf(resource.attributes, 'service.name') ?? '',
        consumer: textOf(attributes, 'messaging.consumer.group.name'),
      })),
    ),
  )

/** A collector of spans on a port of the loopback, for platforms in this process or in others. */
export const startSpanCollector = async (): Promise<SpanCollector> => {
  const spans: CollectedSpan[] = []
  const bodies: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      bodies.push(body)
      spans.push(...spansOf(body))
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  const url = `http://127.0.0.1:${await listen(server)}`
  return {
    url,
    spans,
    bodies,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
