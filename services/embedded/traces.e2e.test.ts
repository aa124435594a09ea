import { afterAll, beforeAll } from 'vitest'
import { HostConfig, loadConfig } from '#services/kit/config.ts'
import { openTracing, type Tracing } from '#services/kit/tracing.ts'
import { enrollmentTraceTests } from './testing/enrollment-trace.ts'
import { startTestPlatform, type TestPlatform } from './testing/platform.ts'
import { type SpanCollector, startSpanCollector } from './testing/span-collector.ts'

let collector: SpanCollector
let tracing: Tracing | undefined
let platform: TestPlatform

beforeAll(async () => {
  collector = await startSpanCollector()
  tracing = await openTracing(loadConfig(HostConfig, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }), console)
  platform = await startTestPlatform({ ...(tracing && { tracing }) })
})
afterAll(async () => {
  await platform.stop()
  await tracing?.close()
  await collector.close()
})

enrollmentTraceTests(() => ({ platform, collector, askers: ['platform'] }))
