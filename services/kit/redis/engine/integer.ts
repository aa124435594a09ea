import { notAnInteger } from './errors.ts'

export const MAX_INT64 = 2n ** 63n - 1n
export const MIN_INT64 = -(2n ** 63n)

export const isInt64 = (value: bigint): boolean => value >= MIN_INT64 && value <= MAX_INT64

/** A signed 64-bit integer in the one spelling that Redis accepts: no plus sign, space or leading zero. */
export const parseInt64 = (text: string): bigint => {
  if (text.length > 20 || !/^(?:0|-?[1-9]\d*)$/.test(text)) throw notAnInteger()
  const value = BigInt(text)
  if (!isInt64(value)) throw notAnInteger()
  return value
}
