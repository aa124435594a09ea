import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SECOND } from '#domain/kernel/clock.ts'
import { forgeTokens } from '#services/kit/testing/forged-tokens.ts'
import { z } from 'zod'
import type { Answer } from './testing/client.ts'
import { makePerson, type Person, register, signIn } from './testing/people.ts'
import { startTestPlatform, type TestPlatform } from './testing/platform.ts'
import { eventually } from './testing/poll.ts'

let platform: TestPlatform
let admin: Person
beforeAll(async () => {
  platform = await startTestPlatform()
  admin = await makePerson(platform, 'learner', 'admin')
})
afterAll(() => platform.stop())

const Tokens = z.object({ accessToken: z.string(), refreshToken: z.string() })

const readAccount = (token: string): Promise<Answer> => platform.client.call('GET', '/v1/users/me', { token })
const post = (path: string, body: object): Promise<Answer> => platform.client.call('POST', path, { body })
const refresh = (refreshToken: string): Promise<Answer> => post('/v1/auth/refresh', { refreshToken })

/** Everything of a refusal that could tell one cause from another. */
const told = ({ status, headers, text }: Answer) => ({
  status,
  headers: [...headers.keys()].filter((name) => !['date', 'content-length'].includes(name)),
  body: text.replace(/"traceId":"[^"]+"/, '"traceId":"-"'),
})

/** A verdict is believed for one second; the rest is for a machine under load. */
const WITHIN_MS = 3_000

const isOut = async (token: string): Promise<boolean> => (await readAccount(token)).status === 401

describe('forged tokens', () => {
  test('none of the corpus opens a door, and all are refused in the same words', async () => {
    const person = await makePerson(platform, 'learner')
    const corpus = forgeTokens({ genuine: person.token, privateKeyPem: platform.secrets.jwtPrivateKey })
    expect(corpus.length).toBeGreaterThan(40)
    const expected = told(await readAccount('not-a-token'))
    expect(expected.status).toBe(401)
    for (const { name, token } of corpus) expect(told(await readAccount(token)), name).toEqual(expected)
    expect((await readAccount(person.token)).status).toBe(200)
  })

  test.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer a b', 'Token x', 'bearer\tx', 'Bearer  '])(
    'credentials of another form are refused: %j',
    async (authorization) => {
      const answer = await platform.client.call('GET', '/v1/users/me', { headers: { authorization } })
      expect(answer.status).toBe(401)
    },
  )

  test('two Authorization headers are refused', async () => {
    const authorization = `Bearer ${admin.token}, Bearer ${admin.token}`
    const answer = await platform.client.call('GET', '/v1/users/me', { headers: { authorization } })
    expect(answer.status).toBe(401)
  })

  test('a refresh token is no access token, nor the other way round', async () => {
    expect((await readAccount(admin.refreshToken)).status).toBe(401)
    expect((await refresh(admin.token)).status).toBe(400)
  })
})

describe('refresh tokens', () => {
  test('rotate; a repeat whose answer was lost gets the same successor', async () => {
    const person = await makePerson(platform, 'learner')
    const first = (await refresh(person.refreshToken)).as(Tokens)
    const again = (await refresh(person.refreshToken)).as(Tokens)
    expect(first.refreshToken).not.toBe(person.refreshToken)
    expect(again.refreshToken).toBe(first.refreshToken)
    expect((await readAccount(first.accessToken)).status).toBe(200)
  })

  test('used again later, a token ends its whole family', async () => {
    const person = await makePerson(platform, 'learner')
    const stolen = person.refreshToken
    const kept = (await refresh(stolen)).as(Tokens)
    const next = (await refresh(kept.refreshToken)).as(Tokens)
    platform.clock.forward(30 * SECOND)
    expect((await refresh(stolen)).status).toBe(401)
    expect((await refresh(next.refreshToken)).status).toBe(401)
    for (const token of [person.token, kept.accessToken, next.accessToken])
      await eventually('the family to be out', () => isOut(token), WITHIN_MS)
    expect((await readAccount((await signIn(platform, person)).token)).status).toBe(200)
  })

  test('an unknown, a garbled and an ended one are refused in the same words', async () => {
    const person = await makePerson(platform, 'learner')
    await platform.client.expect(204, z.undefined(), 'POST', '/v1/auth/logout', { token: person.token })
    const ended = told(await refresh(person.refreshToken))
    const [session = ''] = person.refreshToken.split('~')
    expect(ended.status).toBe(401)
    for (const token of ['x', `${session}~AAAA`, `ses_019aad2c-6a00-7c3f-8e4b-2f6d1a9c5e07~${'A'.repeat(43)}`])
      expect(told(await refresh(token)), token).toEqual(ended)
  })
})

describe('who is out is out within about a second', () => {
  test('by logging out, and only that session', async () => {
    const person = await makePerson(platform, 'learner')
    const elsewhere = await signIn(platform, person)
    expect((await readAccount(person.token)).status).toBe(200)
    await platform.client.expect(204, z.undefined(), 'POST', '/v1/auth/logout', { token: person.token })
    await eventually('the session to be out', () => isOut(person.token), WITHIN_MS)
    expect((await readAccount(elsewhere.token)).status).toBe(200)
  })

  test('by ending the session from another one', async () => {
    const person = await makePerson(platform, 'learner')
    const here = await signIn(platform, person)
    const list = z.object({ items: z.array(z.object({ sessionId: z.string(), current: z.boolean() })) })
    const { items } = await platform.client.expect(200, list, 'GET', '/v1/users/me/sessions', { token: here.token })
    const other = items.find(({ current }) => !current)
    const path = `/v1/users/me/sessions/${other?.sessionId}`
    await platform.client.expect(204, z.undefined(), 'DELETE', path, { token: here.token })
    await eventually('the other session to be out', () => isOut(person.token), WITHIN_MS)
    expect((await readAccount(here.token)).status).toBe(200)
  })

  test('by being suspended: no request, no refresh, no login', async () => {
    const person = await makePerson(platform, 'learner')
    expect((await readAccount(person.token)).status).toBe(200)
    const path = `/v1/users/${person.userId}/suspend`
    await platform.client.expect(200, z.unknown(), 'POST', path, { token: admin.token, body: { reason: 'security' } })
    await eventually('the suspended to be out', () => isOut(person.token), WITHIN_MS)
    expect((await refresh(person.refreshToken)).status).toBe(401)
    const { email, password } = person
    expect((await post('/v1/auth/login', { email, password })).status).not.toBe(200)
    expect((await post('/v1/auth/login', { email, password: 'another-password' })).status).toBe(401)
  })

  test('by losing a role: the old token does not keep it', async () => {
    const tutor = await makePerson(platform, 'learner', 'tutor')
    expect((await platform.client.call('GET', '/v1/courses', { token: tutor.token })).status).toBe(200)
    const path = `/v1/users/${tutor.userId}/roles`
    const body = { roles: ['learner'] }
    await platform.client.expect(200, z.unknown(), 'PUT', path, { token: admin.token, body })
    await eventually('the old token to be out', () => isOut(tutor.token), WITHIN_MS)
    const { token } = await signIn(platform, tutor)
    expect((await platform.client.call('GET', '/v1/courses', { token })).status).toBe(403)
  })
})

describe('who has an account is nobody’s business', () => {
  test('an unknown address and a wrong password are answered alike', async () => {
    const { email } = await register(platform, 'Known Person')
    const known = told(await post('/v1/auth/login', { email, password: 'a-wrong-password' }))
    const unknown = told(await post('/v1/auth/login', { email: `no-${email}`, password: 'a-wrong-password' }))
    expect(known).toEqual(unknown)
    expect(known.status).toBe(401)
  })

  test('tries are counted alike for known and unknown addresses', async () => {
    const { email } = await makePerson(platform, 'learner')
    const statuses = async (address: string): Promise<number[]> => {
      const answers: number[] = []
      while (answers.length < 15 && !answers.includes(423) && !answers.includes(429))
        answers.push((await post('/v1/auth/login', { email: address, password: 'a-wrong-password' })).status)
      return answers
    }
    platform.clock.forward(60 * SECOND)
    const known = await statuses(email)
    platform.clock.forward(60 * SECOND)
    expect(await statuses(`no-${email}`)).toEqual(known)
    expect(known.at(-1)).not.toBe(401)
  })

  test('mailed tokens that are unknown, garbled or of another are gone, in the same words', async () => {
    const answers = ['x', 'ott_019aad2c-6a00-7c3f-8e4b-2f6d1a9c5e07~AAAA', `ott_~${'A'.repeat(43)}`].map((token) =>
      post('/v1/auth/verify-email', { token }),
    )
    const [first, ...others] = (await Promise.all(answers)).map(told)
    expect(first?.status).toBe(410)
    for (const other of others) expect(other).toEqual(first)
  })
})
