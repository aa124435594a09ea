import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import type { SpanExporter } from '@opentelemetry/sdk-trace-base'

/** The most that a dead collector holds up the end of a process. */
const TIMEOUT_MS = 3_000

/** Exports over OTLP/HTTP to `<endpoint>/v1/traces`; the SDK itself would drop what fails without a word. */
export const otlpExporter = (endpoint: string, onFailure: (error: unknown) => void): SpanExporter => {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces`, timeoutMillis: TIMEOUT_MS })
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error) onFailure(result.error)
        done(result)
      }),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  }
}
