import { describe, expect, test } from 'vitest'
import { loadConfig } from '#services/kit/config.ts'
import { PaymentConfig } from './config.ts'

const INVOICE_ISSUER = 'Example Ltd\n1 High Street'
const keys = { INVOICE_ISSUER, STRIPE_SECRET_KEY: 'sk_test_12345678', STRIPE_WEBHOOK_SECRET: 'whsec_1234567890abcdef' }

const baseUrlOf = (variables: Record<string, string>) =>
  loadConfig(PaymentConfig, { ...keys, ...variables }).stripe.baseUrl

describe('the configuration of payment', () => {
  test('pays at the sandbox in development, at Stripe in production', () => {
    expect(baseUrlOf({})).toBe('http://127.0.0.1:3002')
    expect(baseUrlOf({ APP_ENV: 'production' })).toBe('https://api.stripe.com')
    expect(baseUrlOf({ STRIPE_BASE_URL: 'http://sandbox:3002' })).toBe('http://sandbox:3002')
  })

  test('sells without tax and gives tutors 80 %, unless it is told otherwise', () => {
    expect(loadConfig(PaymentConfig, keys).sale).toEqual({ taxPercent: 0, tutorPercent: 80 })
    const given = { ...keys, TAX_PERCENT: '8.1', TUTOR_PERCENT: '72.5' }
    expect(loadConfig(PaymentConfig, given).sale).toEqual({ taxPercent: 8.1, tutorPercent: 72.5 })
  })

  test.each(['101', '-1', '19.005', 'nineteen'])('does not start with a tax of %s percent', (TAX_PERCENT) => {
    expect(() => loadConfig(PaymentConfig, { ...keys, TAX_PERCENT })).toThrow('TAX_PERCENT: a percentage')
  })

  test.each(['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET', 'INVOICE_ISSUER'])('does not start without %s', (name) => {
    const variables = { APP_ENV: 'production', ...keys, [name]: '' }
    expect(() => loadConfig(PaymentConfig, variables)).toThrow(`${name}: missing`)
  })
})
