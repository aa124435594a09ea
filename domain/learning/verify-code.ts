import { z } from 'zod'

/** Crockford's base 32: no letter that is taken for a digit, or for another letter. */
const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const BYTES = 15
const GROUP = 5

/** What stands on a certificate: 24 symbols that nobody guesses and one that finds slips, in groups of five. */
export const VerifyCode = z
  .string()
  .regex(/^[0-9A-HJKMNP-TV-Z]{5}(?:-[0-9A-HJKMNP-TV-Z]{5}){4}$/)
  .meta({ examples: ['BFGJ5-4X4YM-B7FJ1-S1BDP-S3FED'] })
export type VerifyCode = z.infer<typeof VerifyCode>

/** The check symbol by Luhn's algorithm modulo 32: it finds every wrong symbol and nearly every swap of neighbours. */
const checkOf = (symbols: string): string => {
  const values = [...symbols].map((symbol) => SYMBOLS.indexOf(symbol))
  const sum = values.toReversed().reduce((total, value, at) => {
    const weighted = at % 2 === 0 ? value * 2 : value
    return total + Math.floor(weighted / SYMBOLS.length) + (weighted % SYMBOLS.length)
  }, 0)
  return SYMBOLS.charAt((SYMBOLS.length - (sum % SYMBOLS.length)) % SYMBOLS.length)
}

const grouped = (symbols: string): string => (symbols.match(/.{5}/g) ?? []).join('-')

/** @param random 15 bytes from a source that nobody can foresee */
export const verifyCodeOf = (random: Uint8Array): VerifyCode => {
  if (random.length !== BYTES) throw new RangeError(`A code takes ${BYTES} bytes, not ${random.length}.`)
  const bits = [...random].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const data = (bits.match(/.{5}/g) ?? []).map((five) => SYMBOLS.charAt(Number.parseInt(five, 2))).join('')
  return grouped(data + checkOf(data))
}

/** A code as people write it: any case, with or without hyphens, O for 0, I and L for 1. Undefined for a slip. */
export const readVerifyCode = (text: string): VerifyCode | undefined => {
  const symbols = text.toUpperCase().replaceAll(/[-\s]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  const code = VerifyCode.safeParse(grouped(symbols))
  const isWhole = symbols.length === GROUP * GROUP && checkOf(symbols.slice(0, -1)) === symbols.slice(-1)
  return code.success && isWhole ? code.data : undefined
}
