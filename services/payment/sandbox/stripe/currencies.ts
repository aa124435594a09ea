import { invalidParameter } from './errors.ts'

// Stripe's minor units, which are ISO 4217's but for MGA (here without decimals) and for ISK and UGX (here with two).
const withoutDecimals = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '))
const withThreeDecimals = new Set('bhd jod kwd omr tnd'.split(' '))
const wholeUnitsOnly = new Set('isk ugx'.split(' '))
const supported = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()))

const minimums = new Map(
  Object.entries({
    usd: 50,
    aed: 200,
    aud: 50,
    bgn: 100,
    brl: 50,
    cad: 50,
    chf: 50,
    czk: 1500,
    dkk: 250,
    eur: 50,
    gbp: 30,
    hkd: 400,
    huf: 17500,
    inr: 50,
    jpy: 50,
    mxn: 1000,
    myr: 200,
    nok: 300,
    nzd: 50,
    pln: 200,
    ron: 200,
    sek: 300,
    sgd: 50,
    thb: 1000,
  }),
)
const maximum = 99_999_999

export const minorUnitDigits = (currency: string): 0 | 2 | 3 => {
  if (withoutDecimals.has(currency)) return 0
  return withThreeDecimals.has(currency) ? 3 : 2
}

/** 1050 and `eur` give `€10.50`, as in Stripe's messages. */
export const formatAmount = (amount: number, currency: string): string => {
  const digits = minorUnitDigits(currency)
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amount / 10 ** digits)
}

/** The smallest step of an amount: three-decimal currencies move in tens, ISK and UGX in whole units. */
const stepOf = (currency: string): number => {
  if (wholeUnitsOnly.has(currency)) return 100
  return withThreeDecimals.has(currency) ? 10 : 1
}

export const checkCurrency = (currency: string): void => {
  if (!supported.has(currency)) throw invalidParameter('currency', `Invalid currency: ${currency}.`)
}

export const checkStep = (amount: number, currency: string): void => {
  const step = stepOf(currency)
  if (amount % step === 0) return
  throw invalidParameter('amount', `Invalid amount: amounts in ${currency} must be evenly divisible by ${step}.`)
}

export const checkChargeable = (amount: number, currency: string): void => {
  checkCurrency(currency)
  if (amount < 1)
    throw invalidParameter('amount', 'This value must be greater than or equal to 1.', 'parameter_invalid_integer')
  const minimum = minimums.get(currency) ?? 1
  if (amount < minimum) {
    const shown = `${formatAmount(minimum, currency)} ${currency}`
    throw invalidParameter('amount', `Amount must be at least ${shown}`, 'amount_too_small')
  }
  if (amount > maximum) {
    const shown = `${formatAmount(maximum, currency)} ${currency}`
    throw invalidParameter('amount', `Amount must be no more than ${shown}`, 'amount_too_large')
  }
  checkStep(amount, currency)
}
