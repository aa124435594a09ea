import { randomBytes } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

// 256 is no multiple of 62, so the first eight letters are a little likelier: 24 of them still carry over 140 bits.
const letters = (count: number): string =>
  Array.from(randomBytes(count), (byte) => alphabet.charAt(byte % alphabet.length)).join('')

export const newId = (prefix: 'pi' | 'ch' | 're' | 'dp' | 'tr' | 'trr' | 'evt' | 'req'): string =>
  `${prefix}_${letters(24)}`

export const newClientSecret = (paymentIntentId: string): string => `${paymentIntentId}_secret_${letters(25)}`
