import { describe, expect, test } from 'vitest'
import { SignJWT } from 'jose'
import { createPrivateKey, createSecretKey } from 'node:crypto'
import { Unauthenticated } from '../cqrs/errors.ts'
import { createManualClock } from '../testing/clock.ts'
import { createServiceTokens, createTokenCheck } from './service-token.ts'
import { createServiceKeys } from './testing/service-keys.ts'

const keys = createServiceKeys('learning', 'payment', 'user')
const strangers = createServiceKeys('learning')

const meeting = () => {
  const clock = createManualClock()
  const issue = createServiceTokens({ service: 'learning', privateKeyPem: keys.privateKeyOf('learning'), clock })
  const check = createTokenCheck({ service: 'payment', publicKeys: keys.publicKeys, clock })
  return { clock, issue, check }
}
const refused = expect.toSatisfy(Unauthenticated.is)

const forged = (
  changes: { issuer?: string; typ?: string; seconds?: number; key?: string; jti?: string | null } = {},
) => {
  const { issuer = 'edtech.learning', typ = 'service+jwt', seconds = 60, key = keys.privateKeyOf('learning') } = changes
  const issuedAt = Date.parse(createManualClock().now()) / 1000
  const token = new SignJWT(changes.jti === null ? {} : { jti: 'once' })
    .setProtectedHeader({ alg: 'EdDSA', typ })
    .setIssuer(issuer)
    .setAudience('edtech.payment')
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + seconds)
  return token.sign(createPrivateKey(key))
}

describe('the token of a service', () => {
  test('tells the service that is called who calls', async () => {
    const { issue, check } = meeting()
    expect(await check(await issue('payment'))).toBe('learning')
    expect(await check(await forged())).toBe('learning')
  })

  test('is used again for half of its minute, and then made anew', async () => {
    const { clock, issue } = meeting()
    const first = await issue('payment')
    clock.advance(29_999)
    expect(await issue('payment')).toBe(first)
    clock.advance(1)
    expect(await issue('payment')).not.toBe(first)
  })

  test('is good for a minute, also where it was seen before', async () => {
    const { clock, issue, check } = meeting()
    const [seen, unseen] = [await issue('payment'), await forged()]
    await check(seen)
    clock.advance(66_000)
    for (const token of [seen, unseen]) await expect(check(token)).rejects.toEqual(refused)
  })

  test('for another service is refused', async () => {
    const { issue, check } = meeting()
    await expect(check(await issue('user'))).rejects.toEqual(refused)
  })

  test.each([
    ['signed by a key that is not its issuer’s', () => forged({ issuer: 'edtech.user' })],
    ['signed by a stranger', () => forged({ key: strangers.privateKeyOf('learning') })],
    ['of an unknown service', () => forged({ issuer: 'edtech.shop' })],
    ['of another kind', () => forged({ typ: 'at+jwt' })],
    ['that is nothing of the kind', async () => 'nonsense'],
    [
      'signed with the public key as a secret',
      () =>
        new SignJWT({ jti: 'once' })
          .setProtectedHeader({ alg: 'HS256', typ: 'service+jwt' })
          .setIssuer('edtech.learning')
          .setAudience('edtech.payment')
          .setIssuedAt()
          .setExpirationTime('1m')
          .sign(createSecretKey(Buffer.from(keys.publicKeys['learning'] ?? ''))),
    ],
    [
      'without a signature',
      async () => {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
        return `${part({ alg: 'none', typ: 'service+jwt' })}.${part({ iss: 'edtech.learning', aud: 'edtech.payment' })}.`
      },
    ],
    ['without an id', () => forged({ jti: null })],
  ])('%s is refused', async (_, make) => {
    const { check } = meeting()
    await expect(check(await make())).rejects.toEqual(refused)
  })
})
