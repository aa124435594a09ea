import type { Clock } from '#domain/kernel/clock.ts'
import { generateKeyPairSync } from 'node:crypto'
import { systemIds } from '../ids.ts'
import { createIssuer } from './issuer.ts'
import { createVerifier } from './verifier.ts'

export const issuerUrl = 'https://platform.example'
export const audience = 'education-platform'

export const privateKeyPem = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey

/** A clock that stands still until the test moves it. */
export const standingClock = (start = '2026-11-23T06:00:00.000Z') => {
  let nowMs = Date.parse(start)
  const clock: Clock = { now: () => new Date(nowMs).toISOString() }
  return {
    ...clock,
    advance: (seconds: number) => {
      nowMs += seconds * 1000
    },
  }
}

/** An issuer, a verifier of its tokens, and a way to sign somebody in. */
export const authority = async () => {
  const clock = standingClock()
  const issuer = await createIssuer({ privateKeyPem, issuer: issuerUrl, audience })
  const verifier = createVerifier({ issuer: issuerUrl, audience, jwks: issuer.jwks, clock })
  const person = {
    userId: systemIds.next('usr'),
    sessionId: systemIds.next('ses'),
    roles: ['learner', 'tutor'],
    emailVerified: true,
    loggedInAt: clock.now(),
  } as const
  const signIn = async () => (await issuer.issueAccessToken({ ...person, now: clock.now() })).token
  return { clock, issuer, verifier, person, signIn }
}
