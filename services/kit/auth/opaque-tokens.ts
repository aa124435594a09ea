import { createHmac, hash, randomBytes } from 'node:crypto'

/** A new secret token of 256 bits, in characters that URLs and headers carry unchanged. */
export const newOpaqueToken = (): string => randomBytes(32).toString('base64url')

/** What is stored in place of a token; a token of 256 bits needs no slow hash. */
export const hashToken = (token: string): string => hash('sha256', token, 'base64url')

/**
 * A token that only the holder of `key` can make, the same again for the same material: the refresh token after a given
 * one, the token of a mail that may be sent twice.
 *
 * @param purpose keeps tokens of one use from being good for another
 * @example
 * const next = deriveToken(config.TOKEN_SECRET, 'refresh', presentedToken)
 */
export const deriveToken = (key: string, purpose: string, material: string): string =>
  createHmac('sha256', key).update(`${purpose}\0${material}`).digest('base64url')
