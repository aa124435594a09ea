import { generateKeyPairSync } from 'node:crypto'
import { ConfigError, HostConfig, loadConfig, variables } from '#services/kit/config.ts'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

const StoreConfig = z.object({ DATABASE_URL: variables.postgresUrl, REDIS_URL: variables.redisUrl })
const SecretConfig = z.object({
  JWT_PRIVATE_KEY: variables.jwtPrivateKey,
  CURSOR_SECRET: variables.secret('the key that signs cursors'),
  STRIPE_SECRET_KEY: variables.stripeSecretKey,
  STRIPE_WEBHOOK_SECRET: variables.stripeWebhookSecret,
  STRIPE_BASE_URL: variables.httpUrl.optional(),
})

const messageOf = (load: () => unknown): string => {
  try {
    load()
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('The configuration was accepted.')
}

describe('loadConfig', () => {
  test('reads variables, leaves foreign ones out, and fills defaults', () => {
    expect(loadConfig(HostConfig, { LOG_LEVEL: 'debug', HOME: '/root' })).toEqual({
      APP_ENV: 'development',
      LOG_LEVEL: 'debug',
      OTEL_TRACES_SAMPLER_ARG: 1,
    })
  })

  test('names every variable that is missing or wrong in one message, and how to set it', () => {
    const message = messageOf(() =>
      loadConfig(StoreConfig.extend({ PORT: variables.port }), { REDIS_URL: 'http://cache', PORT: '80x' }),
    )
    expect(message.split('\n')).toEqual([
      'The configuration is not valid:',
      '  DATABASE_URL: missing, set it to postgres://user:password@host:5432/database',
      '  REDIS_URL: must be redis://host:6379 (rediss:// for TLS)',
      '  PORT: must be a whole number from 0 to 65535',
      'Set these environment variables and start again.',
    ])
  })

  test('takes an empty variable for a missing one', () => {
    expect(messageOf(() => loadConfig(StoreConfig, { DATABASE_URL: '', REDIS_URL: 'redis://cache' }))).toContain(
      'DATABASE_URL: missing',
    )
  })

  test('never shows a value', () => {
    const message = messageOf(() =>
      loadConfig(SecretConfig.extend(HostConfig.shape).extend(StoreConfig.shape), {
        APP_ENV: 'hunter2',
        LOG_LEVEL: 'hunter2',
        DATABASE_URL: 'mysql://root:hunter2@db/shop',
        REDIS_URL: 'hunter2',
        JWT_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----\nhunter2',
        CURSOR_SECRET: 'hunter2',
        STRIPE_SECRET_KEY: 'hunter2',
        STRIPE_WEBHOOK_SECRET: 'hunter2',
        STRIPE_BASE_URL: 'hunter2',
      }),
    )
    expect(message).not.toContain('hunter2')
    expect(message.split('\n')).toHaveLength(11)
  })

  test('has no default for any secret', () => {
    const message = messageOf(() => loadConfig(SecretConfig, { APP_ENV: 'production' }))
    for (const name of ['JWT_PRIVATE_KEY', 'CURSOR_SECRET', 'STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'])
      expect(message).toContain(`${name}: missing`)
  })
})

describe('what a service is known by', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const schema = z.object({
    SERVICE_PRIVATE_KEY: variables.servicePrivateKey,
    SERVICE_PUBLIC_KEYS: variables.servicePublicKeys,
    INTERNAL_URLS: variables.internalUrls,
  })
  const given = {
    SERVICE_PRIVATE_KEY: privateKey.replaceAll('\n', '\\n'),
    SERVICE_PUBLIC_KEYS: JSON.stringify({ learning: publicKey }),
    INTERNAL_URLS: JSON.stringify({ learning: 'http://learning.internal:8081', user: 'https://api.internal' }),
  }

  test('is read by the names of the services', () => {
    expect(loadConfig(schema, given)).toEqual({
      SERVICE_PRIVATE_KEY: privateKey,
      SERVICE_PUBLIC_KEYS: { learning: publicKey },
      INTERNAL_URLS: { learning: 'http://learning.internal:8081', user: 'https://api.internal' },
    })
  })

  test.each([
    ['SERVICE_PRIVATE_KEY', publicKey],
    ['SERVICE_PUBLIC_KEYS', 'hunter2'],
    ['SERVICE_PUBLIC_KEYS', JSON.stringify({ learning: 'hunter2' })],
    ['SERVICE_PUBLIC_KEYS', JSON.stringify(['hunter2'])],
    ['INTERNAL_URLS', JSON.stringify({ learning: 'file:///hunter2' })],
  ])('is refused where it is no %s, by name and without its value', (name, value) => {
    const message = messageOf(() => loadConfig(schema, { ...given, [name]: value }))
    expect(message).toContain(name)
    expect(message).not.toContain('hunter2')
  })
})

describe('a whole number', () => {
  const schema = z.object({ PORT: variables.port })

  test.each(['0', '80', '65535'])('accepts %s', (text) => {
    expect(loadConfig(schema, { PORT: text })).toEqual({ PORT: Number(text) })
  })

  test.each(['80x', '0x50', '8e1', '1.5', ' 80', '-1', '65536', 'NaN', 'Infinity'])('refuses %j', (text) => {
    expect(() => loadConfig(schema, { PORT: text })).toThrow('PORT: must be a whole number from 0 to 65535')
  })
})
