import { createIssuer } from '#services/kit/auth/issuer.ts'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { audience, authority, issuerUrl, privateKeyPem } from './fixtures.ts'

describe('an access token', () => {
  test('verifies with the published key set in another implementation, and says who and for how long', async () => {
    const { clock, issuer, person, signIn } = await authority()
    const { payload, protectedHeader } = await jwtVerify(await signIn(), createLocalJWKSet(issuer.jwks), {
      issuer: issuerUrl,
      audience,
      typ: 'at+jwt',
      algorithms: ['RS256'],
      currentDate: new Date(clock.now()),
    })
    const iat = Date.parse(clock.now()) / 1000
    expect(payload).toEqual({
      iss: issuerUrl,
      aud: audience,
      sub: person.userId,
      sid: person.sessionId,
      roles: person.roles,
      email_verified: true,
      auth_time: iat,
      iat,
      exp: iat + 900,
      jti: expect.any(String),
    })
    expect(protectedHeader.kid).toBe(issuer.jwks.keys[0]?.kid)
  })

  test('differs from the one issued before it', async () => {
    const { signIn } = await authority()
    expect(await signIn()).not.toBe(await signIn())
  })
})

describe('the key set', () => {
  test('holds public parts only', async () => {
    const { issuer } = await authority()
    for (const key of issuer.jwks.keys)
      expect(Object.keys(key).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
  })

  test('names a key the same in every process', async () => {
    const again = await createIssuer({ privateKeyPem, issuer: 'https://other.example', audience: 'x' })
    const { issuer, signIn } = await authority()
    expect(again.jwks).toEqual(issuer.jwks)
    expect(decodeProtectedHeader(await signIn()).kid).toBe(again.jwks.keys[0]?.kid)
  })
})

test('a key that is not RSA is refused', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await expect(createIssuer({ privateKeyPem: pem, issuer: issuerUrl, audience })).rejects.toThrow('must be an RSA key')
})
