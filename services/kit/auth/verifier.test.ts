import { Unauthenticated } from '#bus/cqrs/errors.ts'
import { createIssuer } from '#services/kit/auth/issuer.ts'
import { createVerifier } from '#services/kit/auth/verifier.ts'
import { forgeTokens } from '#services/kit/testing/forged-tokens.ts'
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { audience, authority, issuerUrl, privateKeyPem } from './fixtures.ts'

const outcomeOf = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    if (Unauthenticated.is(error)) return 'refused'
    throw error
  }
}

describe('a genuine token', () => {
  test('tells who signed in', async () => {
    const { verifier, person, signIn } = await authority()
    expect(verifier(await signIn())).toMatchObject(person)
  })

  test('is good until its expiry and not a moment longer, also when its verdict is remembered', async () => {
    const { clock, verifier, signIn } = await authority()
    const token = await signIn()
    verifier(token)
    clock.advance(899.999)
    expect(verifier(token)).toMatchObject({ emailVerified: true })
    clock.advance(0.001)
    expect(outcomeOf(() => verifier(token))).toBe('refused')
    expect(outcomeOf(() => verifier(token))).toBe('refused')
  })

  test('is accepted when the clock of the issuer is a few seconds ahead, and not when it is a minute', async () => {
    const { clock, verifier, signIn } = await authority()
    clock.advance(5)
    const slightlyAhead = await signIn()
    clock.advance(55)
    const farAhead = await signIn()
    clock.advance(-60)
    expect(verifier(slightlyAhead)).toMatchObject({ emailVerified: true })
    expect(outcomeOf(() => verifier(farAhead))).toBe('refused')
  })

  test('is accepted during a change of keys, when the set holds both', async () => {
    const { clock, issuer, signIn } = await authority()
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const next = await createIssuer({ privateKeyPem: pem, issuer: issuerUrl, audience })
    const jwks = { keys: [...next.jwks.keys, ...issuer.jwks.keys] }
    const verifier = createVerifier({ issuer: issuerUrl, audience, jwks, clock })
    const onlyNext = createVerifier({ issuer: issuerUrl, audience, jwks: next.jwks, clock })
    const token = await signIn()
    expect(verifier(token)).toMatchObject({ emailVerified: true })
    expect(outcomeOf(() => onlyNext(token))).toBe('refused')
  })

  test('is verified again after the memory has forgotten it', async () => {
    const { clock, issuer, signIn } = await authority()
    const verifier = createVerifier({ issuer: issuerUrl, audience, jwks: issuer.jwks, clock, cacheSize: 2 })
    const tokens = await Promise.all(Array.from({ length: 5 }, signIn))
    for (const token of [...tokens, ...tokens]) expect(verifier(token)).toMatchObject({ emailVerified: true })
  })
})

describe('a forged token', async () => {
  const { verifier, signIn } = await authority()
  const genuine = await signIn()
  const corpus = forgeTokens({ genuine, privateKeyPem })

  test.each(corpus)('is refused: $name', ({ token }) => {
    expect(outcomeOf(() => verifier(token))).toBe('refused')
  })

  test.each(corpus)('is refused after the genuine one was accepted: $name', ({ token }) => {
    verifier(genuine)
    expect(outcomeOf(() => verifier(token))).toBe('refused')
  })

  test.each([' ', '\t', '\n', '\r\n', '\0', '\u00a0', '\ufeff'])('is refused: genuine, and %j behind it', (space) => {
    expect(outcomeOf(() => verifier(genuine + space))).toBe('refused')
  })

  test('is refused: any one bit of the signature turned', () => {
    const [header, payload, signature = ''] = genuine.split('.')
    const bytes = Buffer.from(signature, 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit += 7) {
      const turned = Buffer.from(bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)))
      expect(outcomeOf(() => verifier(`${header}.${payload}.${turned.toString('base64url')}`))).toBe('refused')
    }
  })
})

test('the corpus is large, and none of its tokens is the genuine one', async () => {
  const { signIn } = await authority()
  const genuine = await signIn()
  const tokens = forgeTokens({ genuine, privateKeyPem }).map(({ token }) => token)
  expect(tokens.length).toBeGreaterThan(80)
  expect(new Set([genuine, ...tokens]).size).toBe(tokens.length + 1)
})

test('a key set with a weak key is refused at the start', async () => {
  const { clock } = await authority()
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const { jwks } = await createIssuer({ privateKeyPem: pem, issuer: issuerUrl, audience })
  expect(() => createVerifier({ issuer: issuerUrl, audience, jwks, clock })).toThrow('2048 bits')
})
