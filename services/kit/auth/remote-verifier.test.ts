import { Unauthenticated, Unavailable } from '#bus/cqrs/errors.ts'
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { audience, authority, issuerUrl } from './fixtures.ts'
import { createIssuer } from './issuer.ts'
import { createRemoteVerifier } from './remote-verifier.ts'

/** A verifier far from its issuer: the test counts the readings, breaks the way, and changes the key. */
const remote = async () => {
  const { clock, issuer, person, signIn } = await authority()
  const state = { jwks: issuer.jwks, readings: 0, broken: false, nowMs: 0 }
  const verify = createRemoteVerifier({
    issuer: issuerUrl,
    audience,
    clock,
    now: () => state.nowMs,
    load: async () => {
      state.readings++
      if (state.broken) throw new Error('no way to the issuer')
      return state.jwks
    },
  })
  const outcomeOf = (token: string) =>
    verify(token).then(
      () => 'accepted',
      (error: unknown) => (Unauthenticated.is(error) ? 'refused' : Unavailable.is(error) ? 'unavailable' : error),
    )
  const changeKey = async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const next = await createIssuer({ privateKeyPem, issuer: issuerUrl, audience })
    state.jwks = { keys: [...next.jwks.keys, ...issuer.jwks.keys] }
    return (await next.issueAccessToken({ ...person, now: clock.now() })).token
  }
  return { state, signIn, changeKey, outcomeOf }
}

describe('a verifier far from its issuer', () => {
  test('reads the keys with the first token, once for many', async () => {
    const { state, signIn, outcomeOf } = await remote()
    const token = await signIn()
    expect(await Promise.all([outcomeOf(token), outcomeOf(token), outcomeOf('no token')])).toEqual([
      'accepted',
      'accepted',
      'refused',
    ])
    expect(state.readings).toBe(1)
  })

  test('is unavailable, not unauthenticated, until the keys could be read', async () => {
    const { state, signIn, outcomeOf } = await remote()
    const token = await signIn()
    state.broken = true
    expect(await outcomeOf(token)).toBe('unavailable')
    state.broken = false
    expect(await outcomeOf(token)).toBe('accepted')
  })

  test('accepts a new key of the issuer, and goes on with the old ones while the issuer is away', async () => {
    const { state, signIn, changeKey, outcomeOf } = await remote()
    const old = await signIn()
    await outcomeOf(old)
    const token = await changeKey()
    state.nowMs = 60_000
    state.broken = true
    expect(await outcomeOf(token)).toBe('refused')
    expect(await outcomeOf(old)).toBe('accepted')
    state.nowMs = 120_000
    state.broken = false
    expect(await outcomeOf(token)).toBe('accepted')
    expect(await outcomeOf(old)).toBe('accepted')
  })

  test('asks the issuer once a minute at most, whatever unknown keys come', async () => {
    const { state, signIn, changeKey, outcomeOf } = await remote()
    await outcomeOf(await signIn())
    const token = await changeKey()
    for (let seconds = 0; seconds < 60; seconds++) {
      state.nowMs = seconds * 1000
      expect(await outcomeOf(token)).toBe('refused')
    }
    expect(state.readings).toBe(1)
  })
})
