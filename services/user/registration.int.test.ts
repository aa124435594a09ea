import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY } from '#domain/kernel/clock.ts'
import { Users } from '#bus/patterns/user.ts'
import { z } from 'zod'
import { codeOf, createClient } from './testing/client.ts'
import { eventually, PASSWORD, type Scene, startScene } from './testing/scene.ts'
import { startUserService } from './testing/user-service.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene.stop())

describe('registering', () => {
  test('makes a learner who may log in unverified', async () => {
    const answer = await scene.client.register('Ada@Example.com')
    expect(answer.status).toBe(201)
    const { userId } = z.object({ userId: z.string() }).parse(answer.body)
    expect(answer.headers.get('location')).toBe(`/v1/users/${userId}`)
    const { accessToken, expiresIn, tokenType } = await scene.client.tokensOf(scene.client.login('ada@example.COM'))
    expect({ expiresIn, tokenType }).toEqual({ expiresIn: 900, tokenType: 'Bearer' })
    expect(await scene.accountOf(accessToken)).toMatchObject({
      userId,
      email: 'ada@example.com',
      emailVerified: false,
      roles: ['learner'],
    })
  })

  test('with a taken address is a conflict, whatever its case', async () => {
    await scene.client.register('taken@example.com')
    const answer = await scene.client.register('TAKEN@example.com', 'another password')
    expect([answer.status, codeOf(answer)]).toEqual([409, 'EMAIL_TAKEN'])
  })

  test('of one address at the same time makes one account', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => scene.client.register('race@example.com')))
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['201', '409', '409', '409'])
  })

  test('again with the same key answers the same and shows no password to the database', async () => {
    const body = { email: 'twice@example.com', password: PASSWORD, displayName: 'T', locale: 'en', timezone: 'UTC' }
    const send = () => scene.client.call('POST', '/v1/users', { body, headers: { 'idempotency-key': 'same' } })
    const first = await send()
    const second = await send()
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    // The fingerprint of a request is a fast hash: over a password it could be guessed.
    const other = await scene.client.call('POST', '/v1/users', {
      body: { ...body, password: 'another password' },
      headers: { 'idempotency-key': 'same' },
    })
    expect(other.body).toEqual(first.body)
  })

  test.each([
    [{ password: 'short' }, 422, 'PASSWORD_REJECTED'],
    [{ email: 'nobody' }, 400, 'INVALID_INPUT'],
    [{ timezone: '+02:00' }, 400, 'INVALID_INPUT'],
    [{ roles: ['admin'] }, 400, 'INVALID_INPUT'],
  ])('with %j is refused', async (wrong, status, code) => {
    const answer = await scene.client.register('wrong@example.com', PASSWORD, wrong)
    expect([answer.status, codeOf(answer)]).toEqual([status, code])
  })
})

describe('logging in', () => {
  test('answers alike for an unknown address and a wrong password', async () => {
    await scene.client.register('known@example.com')
    const [unknown, wrong] = await Promise.all([
      scene.client.login('unknown@example.com'),
      scene.client.login('known@example.com', 'wrong password'),
    ])
    expect([unknown.status, codeOf(unknown)]).toEqual([401, 'INVALID_CREDENTIALS'])
    expect([wrong.status, codeOf(wrong)]).toEqual([401, 'INVALID_CREDENTIALS'])
  })

  test('is tried at most ten times a minute for one account', async () => {
    const answers = await Promise.all(
      Array.from({ length: 13 }, () => scene.client.login('guessed@example.com', 'wrong password')),
    )
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10)
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused.map(codeOf)).toEqual(Array(3).fill('TOO_MANY_LOGINS'))
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('verifying the address', () => {
  test('takes the token of the mail once, and the next refresh tells', async () => {
    const { refreshToken, userId } = await scene.newLearner('mail@example.com')
    const token = await scene.mailedToken('mail@example.com')
    const redeem = () => scene.redeem(token)
    expect((await redeem()).status).toBe(204)
    const again = await redeem()
    expect([again.status, codeOf(again)]).toEqual([410, 'TOKEN_GONE'])
    const { accessToken } = await scene.client.tokensOf(scene.client.refresh(refreshToken))
    expect(await scene.accountOf(accessToken)).toMatchObject({ emailVerified: true })
    const known = await scene.service.requester.request(
      Users.GetUserById,
      { userId: `usr_${userId.slice(4)}` },
      scene.service,
    )
    expect(known).toEqual({ userId, status: 'ACTIVE', roles: ['learner'], emailVerified: true })
  })

  test('counts wrong tries and locks the token at the fifth', async () => {
    await scene.client.register('locked@example.com')
    const token = await scene.mailedToken('locked@example.com')
    const wrong = `${token.split('~')[0]}~${'x'.repeat(43)}`
    for (let tries = 0; tries < 5; tries++) expect((await scene.redeem(wrong)).status).toBe(410)
    expect((await scene.redeem(token)).status).toBe(410)
  })

  test('takes a day at most', async () => {
    const own = await startUserService()
    const other = createClient(own)
    await other.register('late@example.com')
    const token = await eventually(async () => z.string().parse(await other.mailedToken('late@example.com')))
    own.clock.advance(24 * 3_600_000)
    expect((await other.call('POST', '/v1/auth/verify-email', { body: { token } })).status).toBe(410)
    await own.stop()
  })

  test('is asked for again once a minute, with another token', async () => {
    const { accessToken: token } = await scene.newLearner('again@example.com')
    const first = await scene.mailedToken('again@example.com')
    const ask = () => scene.client.call('POST', '/v1/auth/verification', { token })
    expect((await ask()).status).toBe(202)
    expect((await ask()).status).toBe(429)
    await eventually(async () => expect(await scene.client.mailedToken('again@example.com')).not.toBe(first))
  })

  test('is not stuck where its message comes again after its commit', async () => {
    const { userId } = await scene.newLearner('redelivered@example.com')
    const send = () => scene.service.sendOwn(Users.SendVerification, { userId }, 'msg_again')
    expect(await send()).toEqual({ sent: true })
    expect(await send()).toEqual({ sent: true })
  })
})

test('what nobody can use any more is gone a week later: mail, tokens, sessions; the account stays', async () => {
  const own = await startUserService()
  const other = createClient(own)
  const email = 'gone@example.com'
  await other.register(email)
  await eventually(async () => expect(await other.mailsTo(email)).toHaveLength(1))
  const { refreshToken } = await other.tokensOf(other.login(email))
  own.clock.advance(38 * DAY)
  const { accessToken: token } = await other.tokensOf(other.login(email))
  await own.purgeExpired()
  expect(await other.mailsTo(email)).toEqual([])
  expect((await other.refresh(refreshToken)).status).toBe(401)
  const sessions = await other.call('GET', '/v1/users/me/sessions', { token })
  expect(sessions.body).toMatchObject({ items: [{ current: true }] })
  await own.stop()
})
