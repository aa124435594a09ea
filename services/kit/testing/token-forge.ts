import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { z } from 'zod'

export type Fields = Readonly<Record<string, unknown>>

const base64url = (text: string | Buffer): string => Buffer.from(text).toString('base64url')

/** One segment of a token: an object as JSON, or a text as it is. */
export const segment = (content: Fields | string): string =>
  base64url(typeof content === 'string' ? content : JSON.stringify(content))

const decode = (part: string | undefined): Fields =>
  z.record(z.string(), z.unknown()).parse(JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8')))

/** What a genuine token is made of. */
export const takeApart = (token: string) => {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const claims = decode(payload)
  return {
    segments: { header, payload, signature },
    header: decode(header),
    claims,
    issuedAt: z.int().parse(claims.iat),
    bytes: Buffer.from(signature, 'base64url'),
  }
}

export const withoutField = (fields: Fields, name: string): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name))

type Content = Fields | string

/** Signs as the issuer would, by any algorithm of its RSA key. */
export const signedBy =
  (key: KeyObject, digest = 'RSA-SHA256', padding?: number) =>
  (header: Content, claims: Content): string => {
    const signed = `${segment(header)}.${segment(claims)}`
    return `${signed}.${base64url(sign(digest, Buffer.from(signed), { key, ...(padding === undefined ? {} : { padding }) }))}`
  }

/** Signs with a shared secret, which verifiers that take the public key for one accept. */
export const hmacBy =
  (secret: string | Buffer, digest = 'sha256') =>
  (header: Content, claims: Content): string => {
    const signed = `${segment(header)}.${segment(claims)}`
    return `${signed}.${createHmac(digest, secret).update(signed).digest('base64url')}`
  }

/** Bytes with one bit turned over. */
export const flipBit = (bytes: Buffer, at: number): string =>
  base64url(Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte))))

/** The same bytes written with another last character: two of its bits do not count. */
export const respell = (part: string): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return part.slice(0, -1) + alphabet.charAt(alphabet.indexOf(part.slice(-1)) ^ 1)
}

/** A key pair that the issuer has never seen. */
export const attackerKeys = () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { rsa: privateKey, jwk: publicKey.export({ format: 'jwk' }), ec: ec.privateKey }
}

/** The forms in which somebody may take the public key for a shared secret. */
export const publicForms = (privateKey: KeyObject) => {
  const key = createPublicKey(privateKey)
  return {
    spki: key.export({ type: 'spki', format: 'pem' }),
    pkcs1: key.export({ type: 'pkcs1', format: 'pem' }),
    der: key.export({ type: 'spki', format: 'der' }),
    jwk: JSON.stringify(key.export({ format: 'jwk' })),
  }
}
