import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '#services/kit/config.ts'
import { UserConfig } from './config.ts'

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const secrets = { JWT_PRIVATE_KEY: privateKey, TOKEN_SECRET: 't'.repeat(32) }
const production = {
  ...secrets,
  APP_ENV: 'production',
  JWT_ISSUER: 'https://learn.example.org',
  SMTP_URL: 'smtps://mailer:secret@mail.example.org:465',
  MAIL_FROM: 'Learn <no-reply@example.org>',
  VERIFICATION_PAGE_URL: 'https://learn.example.org/verify',
  PASSWORD_RESET_PAGE_URL: 'https://learn.example.org/reset',
}

describe('the configuration', () => {
  test('of development needs its secrets alone, and keeps mail in the mailbox', () => {
    expect(loadConfig(UserConfig, secrets).mail.smtpUrl).toBeUndefined()
  })

  test('of production is complete', () => {
    expect(loadConfig(UserConfig, production).jwt.issuer).toBe('https://learn.example.org')
  })

  const pool = {
    COGNITO_USER_POOL_ID: 'eu-central-1_AbCdEfGhI',
    COGNITO_CLIENT_ID: 'client',
    COGNITO_CLIENT_SECRET: 'secret',
  }

  test('keeps passwords in the database, or in the user pool that it names', () => {
    expect(loadConfig(UserConfig, secrets).userPool).toBeUndefined()
    expect(loadConfig(UserConfig, { ...secrets, ...pool }).userPool).toMatchObject({ clientId: 'client' })
  })

  test.each(Object.keys(pool))('of a user pool is refused without %s', (name) => {
    expect(() => loadConfig(UserConfig, { ...secrets, ...pool, [name]: '' })).toThrow(new RegExp(`${name}: missing`))
  })

  test('of a user pool is refused with an id that is none', () => {
    const given = { ...secrets, ...pool, COGNITO_USER_POOL_ID: 'AbCdEfGhI' }
    expect(() => loadConfig(UserConfig, given)).toThrow('COGNITO_USER_POOL_ID: must be the id of a user pool')
  })

  test.each([
    'JWT_ISSUER',
    'SMTP_URL',
    'MAIL_FROM',
    'VERIFICATION_PAGE_URL',
    'PASSWORD_RESET_PAGE_URL',
    'TOKEN_SECRET',
    'JWT_PRIVATE_KEY',
  ])('of production is refused without %s', (name) => {
    expect(() => loadConfig(UserConfig, { ...production, [name]: '' })).toThrow(new RegExp(`${name}: missing`))
  })
})
