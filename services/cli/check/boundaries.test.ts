import { describe, expect, test } from 'vitest'
import { boundaryViolations } from '#services/cli/check/boundaries.ts'

const importing = (specifier: string) => `import { x } from '${specifier}'\n`

const forbidden = [
  ['domain/learning/course.ts', 'hono', 'domain imports zod'],
  ['domain/learning/course.ts', 'node:crypto', 'domain imports zod'],
  ['domain/learning/course.ts', '#bus/envelope.ts', 'domain imports zod'],
  ['domain/learning/course.test.ts', '#bus/envelope.ts', 'domain imports itself'],
  ['bus/outbox/relay.ts', '#services/kit/config.ts', 'bus imports domain'],
  ['bus/outbox/relay.ts', '../../services/kit/config.ts', 'bus imports domain'],
  ['edge/catalog/worker.ts', '#services/kit/config.ts', 'edge imports domain'],
  ['edge/catalog/worker.ts', '#bus/patterns/learning.ts', 'edge imports domain'],
  ['services/kit/compose.ts', '#services/learning/service.ts', 'the kit imports no service'],
  ['services/learning/service.ts', '#services/payment/service.ts', 'never another service'],
  ['services/learning/service.ts', '../payment/service.ts', 'never another service'],
  ['services/learning/service.int.test.ts', '#services/payment/service.ts', 'never another service'],
  ['services/learning/service.ts', '#domain/payment/events.ts', 'its own contexts'],
  ['services/learning/service.ts', '#edge/catalog/worker.ts', 'read models'],
  ['services/learning/testing/author.ts', '#services/payment/service.ts', 'never another service'],
  ['services/learning/service.ts', 'inversify', 'Inversify appears in'],
  ['services/kit/outbox.ts', '@aws-sdk/client-sqs', 'AWS messaging clients appear in'],
  ['bus/outbox/relay.ts', '@aws-sdk/client-eventbridge', 'AWS messaging clients appear in'],
  ['bus/messaging/dispatcher.ts', '@opentelemetry/api', 'OpenTelemetry appears in'],
  ['services/kit/http/door.ts', '@opentelemetry/sdk-trace-base', 'OpenTelemetry appears in'],
  ['services/learning/commands/enroll.ts', 'drizzle-orm', 'drizzle appears in'],
  ['bus/cqrs/command-bus.ts', 'drizzle-orm/pg-core', 'drizzle appears in'],
] as const

const allowed = [
  ['domain/learning/course.ts', 'zod'],
  ['domain/learning/course.ts', '#domain/kernel/ids.ts'],
  ['domain/learning/course.test.ts', 'vitest'],
  ['bus/outbox/relay.ts', '#domain/kernel/event.ts'],
  ['bus/outbox/relay.int.test.ts', '#services/kit/testing/database.ts'],
  ['bus/outbox/postgres-outbox.ts', 'drizzle-orm'],
  ['bus/outbox/postgres/store.ts', 'drizzle-orm'],
  ['bus/outbox/tables.ts', 'drizzle-orm/pg-core'],
  ['bus/transports/aws/transport.ts', '@aws-sdk/client-sqs'],
  ['services/kit/tracing/span-context.ts', '@opentelemetry/api'],
  ['services/learning/service.ts', '#domain/review/review.ts'],
  ['services/learning/service.ts', '#bus/patterns/payment.ts'],
  ['services/learning/service.ts', '#edge/read-models/course.ts'],
  ['services/learning/module.ts', 'inversify'],
  ['services/learning/infrastructure/postgres/tables.ts', 'drizzle-orm/pg-core'],
  ['services/learning/enrollment.e2e.test.ts', '#services/embedded.ts'],
  ['services/embedded.ts', '#services/learning/service.ts'],
  ['services/graphql/schema.ts', '#services/learning/service.ts'],
  ['services/embedded/platform.ts', '#services/learning/service.ts'],
  ['services/simulation/run-seed.ts', '#services/payment/service.ts'],
  ['bus/testing/fixture.ts', '#services/kit/testing/database.ts'],
  ['openapi/documents.ts', '#services/learning/service.ts'],
] as const

describe('import boundaries', () => {
  test.each(forbidden)('%s must not import %s', (path, specifier, rule) => {
    expect(boundaryViolations(path, importing(specifier)).join('\n')).toContain(rule)
  })

  test.each(allowed)('%s may import %s', (path, specifier) => {
    expect(boundaryViolations(path, importing(specifier))).toEqual([])
  })

  test.each([
    ['a type import', `import type { X } from 'hono'`],
    ['an import for its effects', `import 'hono'`],
    ['a re-export', `export * from 'hono'`],
    ['an import over several lines', `import {\n  a,\n  b,\n} from 'hono'`],
    ['a dynamic import', `const x = await import('hono')`],
    ['an import type', `type X = import('hono').Hono`],
  ])('sees %s', (_, source) => {
    expect(boundaryViolations('domain/learning/course.ts', `// first line\n${source}\n`)).toHaveLength(1)
  })

  test('names the file and the line', () => {
    const source = `import { z } from 'zod'\nimport { Hono } from 'hono'\n`
    expect(boundaryViolations('domain/a.ts', source)).toEqual([
      'domain/a.ts:2 imports hono: domain imports zod and itself only',
    ])
  })
})
