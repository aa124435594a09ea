import { describe } from 'vitest'
import { systemClock } from '#domain/kernel/clock.ts'
import { UserId } from '#domain/kernel/ids.ts'
import { anonymous } from '#bus/cqrs/actor.ts'
import { createMemoryBusStores } from '#bus/memory/stores.ts'
import { openDatabase } from '#bus/postgres/database.ts'
import { createMemoryLane } from '#bus/request-reply/requester.ts'
import { createMemoryTransport } from '#bus/transports/memory/memory.ts'
import { scopesOf } from '#services/kit/auth/scopes.ts'
import { createHttpApp } from '#services/kit/http/app.ts'
import { createCursors } from '#services/kit/http/cursor.ts'
import { systemIds } from '#services/kit/ids.ts'
import { createLogger } from '#services/kit/logging.ts'
import { createMetrics } from '#services/kit/metrics.ts'
import { bindValue } from '#services/kit/module.ts'
import * as kit from '#services/kit/ports.ts'
import { createRuntime } from '#services/kit/runtime.ts'
import { testHttpApp } from '#services/kit/testing/http-suite.ts'
import { PaymentConfig } from './config.ts'
import { payment } from './service.ts'

const config = PaymentConfig.parse({
  STRIPE_SECRET_KEY: 'sk_test_12345678',
  STRIPE_WEBHOOK_SECRET: 'whsec_1234567890abcdef',
})
const clock = systemClock
const metrics = createMetrics({ process: false })

/** The door refuses before any handler is reached, so nothing behind it has to answer. */
const runtime = createRuntime(
  payment,
  [
    bindValue(kit.Database, openDatabase({ url: 'postgres://nobody@127.0.0.1:1/nothing', name: 'payment' })),
    bindValue(kit.Cursors, createCursors('cursor'.repeat(6))),
    ...payment.module(config),
  ],
  createMemoryBusStores({ service: 'payment', ids: systemIds, clock }),
  {
    clock,
    ids: systemIds,
    random: () => 0.5,
    transport: createMemoryTransport(),
    lane: createMemoryLane().lane,
    observe: metrics.messages,
  },
)

const http = createHttpApp({
  service: payment.name,
  title: payment.title,
  version: '1.0.0',
  routes: payment.routes,
  buses: runtime.buses,
  resolve: runtime.resolve,
  logger: createLogger({ level: 'silent', service: payment.name }),
  authenticate: async (headers) => {
    const roles = headers.get('x-roles')
    if (roles === null) return anonymous
    const scopes = roles === 'none' ? new Set<string>() : scopesOf(['admin'])
    const userId = UserId.parse(systemIds.next('usr'))
    return { kind: 'user', userId, sessionId: 'ses', roles: ['learner'], scopes, emailVerified: true }
  },
})

describe('the HTTP door of payment', () => {
  testHttpApp(http, { authorized: { 'x-roles': 'all' }, unscoped: { 'x-roles': 'none' } })
})
