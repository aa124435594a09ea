import { z } from 'zod'
import { DomainError } from './errors.ts'

/** ISO 4217 currencies the platform sells in, with the number of decimals of their minor unit. */
export const CURRENCY_EXPONENTS = {
  USD: 2,
  EUR: 2,
  GBP: 2,
  CHF: 2,
  INR: 2,
  JPY: 0,
  KRW: 0,
  KWD: 3,
  BHD: 3,
} as const satisfies Record<string, 0 | 2 | 3>

export const Currency = z.enum(['USD', 'EUR', 'GBP', 'CHF', 'INR', 'JPY', 'KRW', 'KWD', 'BHD'])
export type Currency = z.infer<typeof Currency>

/** What one payment can take, in minor units (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). */
const LARGEST = 99_999_999

/** An amount in integer minor units of a currency: `{ amount: 1999, currency: 'EUR' }` is 19.99 EUR. Never negative. */
export const Money = z.strictObject({ amount: z.int().min(0).max(LARGEST), currency: Currency })
export type Money = z.infer<typeof Money>

/** The smallest amount that cards can be charged, and that any other is a multiple of. */
export const stepOf = (currency: Currency): number => (CURRENCY_EXPONENTS[currency] === 3 ? 10 : 1)

/** The largest amount that can be moved at once. */
export const ceilingOf = (currency: Currency): number => LARGEST - (LARGEST % stepOf(currency))

/** Of amounts, those that cards can be charged: of three decimals, the last is 0 (https://docs.stripe.com/currencies). */
const chargeable = <T extends z.ZodType<Money>>(money: T): T =>
  money
    .refine(({ amount, currency }) => amount % stepOf(currency) === 0, {
      path: ['amount'],
      error: 'An amount of three decimals ends in 0: cards cannot be charged another.',
    })
    // The same for readers of the documents.
    .meta({
      not: {
        properties: {
          currency: { enum: Currency.options.filter((currency) => stepOf(currency) > 1) },
          amount: { not: { multipleOf: 10 } },
        },
      },
    })

/** An amount that cards can be charged or given back. */
export const ChargeableMoney = chargeable(Money)

/** More than nothing. */
export const PositiveMoney = chargeable(Money.extend({ amount: z.int().min(1).max(LARGEST) }))

const sameCurrency = (a: Money, b: Money): void => {
  if (a.currency !== b.currency)
    throw new DomainError('CURRENCY_MISMATCH', 'unprocessable', `${a.currency} and ${b.currency} cannot be combined.`)
}

export const addMoney = (a: Money, b: Money): Money => {
  sameCurrency(a, b)
  return { amount: a.amount + b.amount, currency: a.currency }
}

/** `a - b`; throws where the result would be negative. */
export const subtractMoney = (a: Money, b: Money): Money => {
  sameCurrency(a, b)
  if (b.amount > a.amount)
    throw new DomainError('AMOUNT_NEGATIVE', 'unprocessable', 'An amount cannot become negative.')
  return { amount: a.amount - b.amount, currency: a.currency }
}

export const isZero = (money: Money): boolean => money.amount === 0

/** For people: `formatMoney({ amount: 1999, currency: 'EUR' })` is `19.99 EUR`. */
export const formatMoney = ({ amount, currency }: Money): string => {
  const exponent = CURRENCY_EXPONENTS[currency]
  return `${(amount / 10 ** exponent).toFixed(exponent)} ${currency}`
}
