import { globSync, readFileSync } from 'node:fs'
import { Learning } from '#bus/patterns/learning.ts'
import type { ServicePatterns } from '#bus/patterns/patterns.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { Users } from '#bus/patterns/user.ts'
import { endsOf } from '#services/kit/service.ts'
import { describe, expect, test } from 'vitest'
import { apiRoutes } from './api.ts'
import { destinationsOf, outwardOf, publicRoutesOf, SERVICES, variablesOf } from './contracts.ts'

/** The patterns under the names that services import them by. */
const PATTERNS: Readonly<Record<string, ServicePatterns>> = { Users, Learning, Payments }

const exported = (patterns: ServicePatterns, name: string): unknown =>
  Object.entries(patterns).find(([key]) => key === name)?.[1]

/** The types of other services' messages that a service's sources name. */
const foreignMessagesIn = (service: string): string[] => {
  const files = globSync(`services/${service}/**/*.ts`, {
    exclude: (path) => path.endsWith('.test.ts') || path.endsWith('testing'),
  })
  const named = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\b(Users|Learning|Payments)\.(\w+)/g)].flatMap(
      ([, from = '', name = '']) => {
        const patterns = PATTERNS[from]
        if (!patterns || patterns.service === service) return []
        return patterns.messages.filter((message) => message === exported(patterns, name)).map(({ type }) => type)
      },
    ),
  )
  return [...new Set(named)].toSorted()
}

describe.each(SERVICES.map((service) => [service.name, service] as const))('the contracts of %s', (name, service) => {
  test('list every message of other services that its sources name', () => {
    const { commands, requests } = outwardOf(name)
    // The kit asks for every service whether a session is still good.
    const listed = [...commands, ...requests].map(({ type }) => type).filter((type) => type !== Users.CheckSession.type)
    expect(listed.toSorted()).toEqual(foreignMessagesIn(name))
  })

  test('list as commands what its sagas send to others', () => {
    const own = service.patterns.messages.map(({ type }) => type)
    const sent = service.sagas.flatMap(({ replies }) => replies.map(({ message }) => message.type))
    const commands = outwardOf(name).commands.map(({ type }) => type)
    expect(sent.filter((type) => !own.includes(type) && !commands.includes(type))).toEqual([])
  })

  test('name no message that must never enter a queue among the commands', () => {
    expect(outwardOf(name).commands.filter(({ sensitive }) => sensitive)).toEqual([])
  })
})

describe('what is derived from the contracts', () => {
  test('sends a durable answer back to the service whose saga asked', () => {
    expect(destinationsOf('payment')).toEqual({
      commands: ['payment', 'user', 'learning'],
      requests: ['user', 'learning'],
      replies: ['user'],
    })
    expect(destinationsOf('user')).toEqual({
      commands: ['user', 'learning', 'payment'],
      requests: ['learning', 'payment'],
      replies: ['learning', 'payment'],
    })
  })

  test('subscribes a service to what its handlers and its sagas wait for', () => {
    const learning = SERVICES.find(({ name }) => name === 'learning')
    expect(learning && endsOf(learning).subscriptions).toEqual(
      expect.arrayContaining([Payments.RefundProcessed.type, Payments.PaymentCompleted.type, Users.UserDeleted.type]),
    )
  })

  test('knows the variables of a service from its configuration', () => {
    const payment = SERVICES.find(({ name }) => name === 'payment')
    expect(payment && variablesOf(payment)).toEqual([
      'APP_ENV',
      'STRIPE_SECRET_KEY',
      'STRIPE_WEBHOOK_SECRET',
      'STRIPE_BASE_URL',
      'TAX_PERCENT',
      'TUTOR_PERCENT',
      'INVOICE_ISSUER',
    ])
  })

  test('refuses a service whose messages nobody listed', () => {
    expect(() => outwardOf('unknown')).toThrow('help: add it to OUTWARD')
  })
})

describe('the routes of the API', () => {
  const routes = apiRoutes()

  test('lead every operation to the service that has it', () => {
    for (const service of SERVICES)
      for (const { method, path } of publicRoutesOf(service))
        expect(routes.get(`ANY ${path}`) ?? routes.get(`${method} ${path}`), `${method} ${path}`).toBe(service.name)
  })

  test('stay under the number that an API may have', () => {
    expect(routes.size).toBeLessThan(300)
  })

  test('show nothing that is for development or for other services', () => {
    expect([...routes.keys()].filter((key) => /\/(dev|internal)\//.test(key))).toEqual([])
  })
})
