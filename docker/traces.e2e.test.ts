import { afterAll, beforeAll, describe } from 'vitest'
import { enrollmentTraceTests } from '#services/embedded/testing/enrollment-trace.ts'
import { type SpanCollector, startSpanCollector } from '#services/embedded/testing/span-collector.ts'
import { SERVICES } from './stack/options.ts'
import { canRunStack, startTestStack, type TestStack } from './testing/test-stack.ts'

describe.runIf(canRunStack)('between processes', () => {
  let collector: SpanCollector
  let platform: TestStack

  beforeAll(async () => {
    collector = await startSpanCollector()
    platform = await startTestStack({ variables: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } })
  })
  afterAll(async () => {
    await platform.stop()
    await collector.close()
  })

  enrollmentTraceTests(() => ({ platform, collector, askers: SERVICES }))
})
