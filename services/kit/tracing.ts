import type { InSpan } from '#bus/tracing.ts'
import type { Transport } from '#bus/transports/transport.ts'
import type { HostConfig } from './config.ts'
import type { Logger } from './logging.ts'

/** A request on its way through the door. */
export interface RequestSpan {
  /** What the request causes continues from here. */
  readonly traceparent: string
  end(status: number): void
}

/** Begins the span of a request; `parent` is the caller's, where it sent a good one. */
export type StartRequestSpan = (request: {
  readonly operationId: string
  readonly method: string
  readonly correlationId: string
  readonly parent: string | undefined
}) => RequestSpan

/** The spans of one service. */
export interface ServiceTracing {
  readonly inSpan: InSpan
  readonly startRequest: StartRequestSpan
  /** A transport that writes a span for each attempt to send a message that belongs to a trace. */
  transport(transport: Transport): Transport
}

/** The traces of one process. */
export interface Tracing {
  of(service: string): ServiceTracing
  /** Exports what is left. */
  close(): Promise<void>
}

/**
 * Traces to the collector of OTEL_EXPORTER_OTLP_ENDPOINT; undefined where none is set, and then nothing of OpenTelemetry
 * is loaded. The exporter reads its headers and certificates from the variables that its documentation names.
 *
 * @example
 * const tracing = await openTracing(config, logger)
 * const { inSpan } = tracing?.of('learning') ?? {}
 */
export const openTracing = async (
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: share }: TracingConfig,
  logger: Pick<Logger, 'warn'>,
): Promise<Tracing | undefined> => {
  if (endpoint === undefined) return undefined
  const [{ createTracing }, { otlpExporter }] = await Promise.all([
    import('./tracing/open-telemetry.ts'),
    import('./tracing/otlp-exporter.ts'),
  ])
  return createTracing({
    exporter: otlpExporter(endpoint, (err) => logger.warn({ err }, 'spans were not exported')),
    share,
  })
}

type TracingConfig = Pick<HostConfig, 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_TRACES_SAMPLER_ARG'>
