import { expect, test } from 'vitest'
import { checkChargeable, formatAmount, minorUnitDigits } from './currencies.ts'

test.each([
  ['jpy', 0, '¥4,900'],
  ['eur', 2, '€49.00'],
  ['kwd', 3, 'KWD\u00a04.900'],
  ['isk', 2, 'ISK\u00a049.00'],
])('%s has %i decimals', (currency, digits, shown) => {
  expect(minorUnitDigits(currency)).toBe(digits)
  expect(formatAmount(4900, currency)).toBe(shown)
})

test('amounts have bounds, and steps where Stripe rounds', () => {
  expect(() => checkChargeable(49, 'usd')).toThrow('Amount must be at least $0.50 usd')
  expect(() => checkChargeable(100_000_000, 'usd')).toThrow('Amount must be no more than $999,999.99 usd')
  expect(() => checkChargeable(4905, 'kwd')).toThrow('divisible by 10')
  expect(() => checkChargeable(4950, 'isk')).toThrow('divisible by 100')
  expect(() => checkChargeable(4900, 'isk')).not.toThrow()
})
