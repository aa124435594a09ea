import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Users } from '#bus/patterns/user.ts'
import { z } from 'zod'
import { codeOf, createClient } from './testing/client.ts'
import { startUserService, type UserService } from './testing/user-service.ts'
import { Account } from './views.ts'

let service: UserService
let client: ReturnType<typeof createClient>
let admin: string

const ADMIN = 'admin@example.com'
const PASSWORD = 'correct horse'

const eventually = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 15_000, interval: 50 })

const accountOf = async (token: string): Promise<Account> =>
  Account.parse((await client.call('GET', '/v1/users/me', { token })).body)

const newLearner = async (email: string) => {
  await client.register(email)
  const tokens = await client.tokensOf(client.login(email))
  return { ...tokens, userId: (await accountOf(tokens.accessToken)).userId }
}

/** Sessions end within a second: their mark follows the commit. */
const isOut = (token: string) =>
  eventually(async () => expect((await client.call('GET', '/v1/users/me', { token })).status).toBe(401))

const verify = async (email: string): Promise<void> => {
  const token = await eventually(async () => z.string().parse(await client.mailedToken(email)))
  expect((await client.call('POST', '/v1/auth/verify-email', { body: { token } })).status).toBe(204)
}

beforeAll(async () => {
  service = await startUserService()
  client = createClient(service)
  await service.provision(ADMIN, PASSWORD, ['admin'])
  admin = (await client.tokensOf(client.login(ADMIN))).accessToken
})
afterAll(() => service.stop())

describe('registering', () => {
  test('makes a learner who may log in unverified', async () => {
    const answer = await client.register('Ada@Example.com')
    expect(answer.status).toBe(201)
    const { userId } = z.object({ userId: z.string() }).parse(answer.body)
    expect(answer.headers.get('location')).toBe(`/v1/users/${userId}`)
    const { accessToken, expiresIn, tokenType } = await client.tokensOf(client.login('ada@example.COM'))
    expect({ expiresIn, tokenType }).toEqual({ expiresIn: 900, tokenType: 'Bearer' })
    expect(await accountOf(accessToken)).toMatchObject({
      userId,
      email: 'ada@example.com',
      emailVerified: false,
      roles: ['learner'],
    })
  })

  test('with a taken address is a conflict, whatever its case', async () => {
    await client.register('taken@example.com')
    const answer = await client.register('TAKEN@example.com', 'another password')
    expect([answer.status, codeOf(answer)]).toEqual([409, 'EMAIL_TAKEN'])
  })

  test('of one address at the same time makes one account', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => client.register('race@example.com')))
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['201', '409', '409', '409'])
  })

  test('again with the same key answers the same and shows no password to the database', async () => {
    const body = { email: 'twice@example.com', password: PASSWORD, displayName: 'T', locale: 'en', timezone: 'UTC' }
    const send = () => client.call('POST', '/v1/users', { body, headers: { 'idempotency-key': 'same' } })
    const first = await send()
    const second = await send()
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    // The fingerprint of a request is a fast hash: over a password it could be guessed.
    const other = await client.call('POST', '/v1/users', {
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
    const answer = await client.register('wrong@example.com', PASSWORD, wrong)
    expect([answer.status, codeOf(answer)]).toEqual([status, code])
  })
})

describe('logging in', () => {
  test('answers alike for an unknown address and a wrong password', async () => {
    await client.register('known@example.com')
    const [unknown, wrong] = await Promise.all([
      client.login('unknown@example.com'),
      client.login('known@example.com', 'wrong password'),
    ])
    expect([unknown.status, codeOf(unknown)]).toEqual([401, 'INVALID_CREDENTIALS'])
    expect([wrong.status, codeOf(wrong)]).toEqual([401, 'INVALID_CREDENTIALS'])
  })

  test('is tried at most ten times a minute for one account', async () => {
    const answers = await Promise.all(
      Array.from({ length: 13 }, () => client.login('guessed@example.com', 'wrong password')),
    )
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10)
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused.map(codeOf)).toEqual(Array(3).fill('TOO_MANY_LOGINS'))
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('verifying the address', () => {
  test('takes the token of the mail once, and the next refresh tells', async () => {
    const { refreshToken, userId } = await newLearner('mail@example.com')
    const token = await eventually(async () => z.string().parse(await client.mailedToken('mail@example.com')))
    const redeem = () => client.call('POST', '/v1/auth/verify-email', { body: { token } })
    expect((await redeem()).status).toBe(204)
    const again = await redeem()
    expect([again.status, codeOf(again)]).toEqual([410, 'TOKEN_GONE'])
    const { accessToken } = await client.tokensOf(client.refresh(refreshToken))
    expect(await accountOf(accessToken)).toMatchObject({ emailVerified: true })
    const known = await service.requester.request(Users.GetUserById, { userId: `usr_${userId.slice(4)}` }, service)
    expect(known).toEqual({ userId, status: 'ACTIVE', roles: ['learner'], emailVerified: true })
  })

  test('counts wrong tries and locks the token at the fifth', async () => {
    await client.register('locked@example.com')
    const token = await eventually(async () => z.string().parse(await client.mailedToken('locked@example.com')))
    const wrong = `${token.split('~')[0]}~${'x'.repeat(43)}`
    for (let tries = 0; tries < 5; tries++)
      expect((await client.call('POST', '/v1/auth/verify-email', { body: { token: wrong } })).status).toBe(410)
    expect((await client.call('POST', '/v1/auth/verify-email', { body: { token } })).status).toBe(410)
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
    const { accessToken: token } = await newLearner('again@example.com')
    const first = await eventually(async () => z.string().parse(await client.mailedToken('again@example.com')))
    const ask = () => client.call('POST', '/v1/auth/verification', { token })
    expect((await ask()).status).toBe(202)
    expect((await ask()).status).toBe(429)
    await eventually(async () => expect(await client.mailedToken('again@example.com')).not.toBe(first))
  })
})

describe('refreshing', () => {
  test('hands out the next token, and the same one again when the reply was lost', async () => {
    const { refreshToken } = await newLearner('refresh@example.com')
    const next = await client.tokensOf(client.refresh(refreshToken))
    const retried = await client.tokensOf(client.refresh(refreshToken))
    expect(retried.refreshToken).toBe(next.refreshToken)
    expect(next.refreshToken).not.toBe(refreshToken)
  })

  test('at the same time gives everybody the same successor', async () => {
    const { refreshToken } = await newLearner('together@example.com')
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.tokensOf(client.refresh(refreshToken))))
    expect(new Set(answers.map((tokens) => tokens.refreshToken)).size).toBe(1)
  })

  test('with a token that was used before ends the session for the thief and the owner', async () => {
    const { refreshToken, accessToken } = await newLearner('stolen@example.com')
    const second = await client.tokensOf(client.refresh(refreshToken))
    await client.tokensOf(client.refresh(second.refreshToken))
    const reuse = await client.refresh(refreshToken)
    expect([reuse.status, codeOf(reuse)]).toEqual([401, 'SESSION_ENDED'])
    expect((await client.refresh(second.refreshToken)).status).toBe(401)
    expect((await client.call('GET', '/v1/users/me', { token: accessToken })).status).toBe(401)
  })

  test.each(['', 'nonsense', 'ses_01950000-0000-7000-8000-000000000001~AAAA'])('with %j is refused', async (text) => {
    expect([400, 401]).toContain((await client.refresh(text)).status)
  })
})

describe('sessions', () => {
  test('are listed for their owner and ended one by one', async () => {
    const email = 'sessions@example.com'
    const { accessToken: token } = await newLearner(email)
    const other = await client.tokensOf(client.login(email))
    const Sessions = z.object({ items: z.array(z.object({ sessionId: z.string(), current: z.boolean() })) })
    const list = async () => Sessions.parse((await client.call('GET', '/v1/users/me/sessions', { token })).body).items
    const [second] = await list()
    expect((await list()).map(({ current }) => current)).toEqual([false, true])
    const end = () => client.call('DELETE', `/v1/users/me/sessions/${second?.sessionId}`, { token })
    expect((await end()).status).toBe(204)
    expect((await client.call('GET', '/v1/users/me', { token: other.accessToken })).status).toBe(401)
    const again = await end()
    expect([again.status, codeOf(again)]).toEqual([404, 'SESSION_NOT_FOUND'])
  })

  test('of somebody else are as good as missing', async () => {
    const mine = await newLearner('mine@example.com')
    const theirs = await newLearner('theirs@example.com')
    const [id] = theirs.refreshToken.split('~')
    const answer = await client.call('DELETE', `/v1/users/me/sessions/${id}`, { token: mine.accessToken })
    expect([answer.status, codeOf(answer)]).toEqual([404, 'SESSION_NOT_FOUND'])
  })

  test('end at the logout, even when Redis is away at that moment', async () => {
    const { accessToken: token, refreshToken } = await newLearner('logout@example.com')
    service.setRedisDown(true)
    expect((await client.call('POST', '/v1/auth/logout', { token })).status).toBe(204)
    expect((await client.call('GET', '/v1/users/me', { token })).status).toBe(401)
    service.setRedisDown(false)
    expect((await client.refresh(refreshToken)).status).toBe(401)
    await eventually(async () =>
      expect(await service.redis.command('GET', `sess:${refreshToken.split('~')[0]}`)).toBe('0'),
    )
  })
})

describe('the own account and profile', () => {
  test('change only on the version that was read', async () => {
    const { accessToken: token } = await newLearner('etag@example.com')
    const read = await client.call('GET', '/v1/users/me', { token })
    const tag = read.headers.get('etag') ?? ''
    const change = (headers: Record<string, string>) =>
      client.call('PATCH', '/v1/users/me', { token, headers, body: { displayName: 'Countess' } })
    expect((await change({})).status).toBe(428)
    const changed = await change({ 'if-match': tag })
    expect(changed.body).toMatchObject({ displayName: 'Countess', locale: 'en' })
    expect((await client.call('GET', '/v1/users/me', { token })).headers.get('etag')).toBe(changed.headers.get('etag'))
    expect((await change({ 'if-match': tag })).status).toBe(412)
  })

  test('a profile is replaced as a whole, and shows strangers its public part', async () => {
    const { accessToken: token, userId } = await newLearner('profile@example.com')
    const tag = (await client.call('GET', '/v1/users/me/profile', { token })).headers.get('etag') ?? ''
    const body = { displayName: 'Ada', bio: 'Mathematician', locale: 'en', timezone: 'UTC', slug: 'ada' }
    const put = await client.call('PUT', '/v1/users/me/profile', { token, headers: { 'if-match': tag }, body })
    expect([put.status, put.body]).toEqual([200, { userId, ...body, version: 2 }])
    const shown = await client.call('GET', `/v1/users/${userId}/public`)
    expect(shown.body).toEqual({ userId, displayName: 'Ada', bio: 'Mathematician', slug: 'ada' })

    const other = await newLearner('profile2@example.com')
    const taken = await client.call('PUT', '/v1/users/me/profile', {
      token: other.accessToken,
      headers: { 'if-match': '"1"' },
      body,
    })
    expect([taken.status, codeOf(taken)]).toEqual([409, 'SLUG_TAKEN'])
  })
})

describe('an admin', () => {
  test('gives a role to the verified, and the next refresh carries it', async () => {
    const email = 'tutor@example.com'
    const { userId, refreshToken } = await newLearner(email)
    const assign = () => client.call('PUT', `/v1/users/${userId}/roles`, { token: admin, body: { roles: ['tutor'] } })
    const early = await assign()
    expect([early.status, codeOf(early)]).toEqual([422, 'EMAIL_NOT_VERIFIED'])
    await verify(email)
    expect((await assign()).body).toEqual({ userId, roles: ['learner', 'tutor'] })
    const { accessToken } = await client.tokensOf(client.refresh(refreshToken))
    expect(await accountOf(accessToken)).toMatchObject({ roles: ['learner', 'tutor'] })
  })

  test('takes a role, which ends the sessions that carry it', async () => {
    const { userId } = await service.provision('demoted@example.com', PASSWORD, ['tutor'])
    const { accessToken: token } = await client.tokensOf(client.login('demoted@example.com'))
    await client.call('PUT', `/v1/users/${userId}/roles`, { token: admin, body: { roles: [] } })
    await isOut(token)
    const again = await client.tokensOf(client.login('demoted@example.com'))
    expect(await accountOf(again.accessToken)).toMatchObject({ roles: ['learner'] })
  })

  test('suspends a user, whose sessions end and who cannot log in', async () => {
    const email = 'suspended@example.com'
    const { userId, accessToken: token, refreshToken } = await newLearner(email)
    const suspend = () =>
      client.call('POST', `/v1/users/${userId}/suspend`, { token: admin, body: { reason: 'abuse' } })
    expect((await suspend()).body).toEqual({ userId, status: 'SUSPENDED' })
    expect((await suspend()).status).toBe(200)
    await isOut(token)
    expect((await client.refresh(refreshToken)).status).toBe(401)
    const login = await client.login(email)
    expect([login.status, codeOf(login)]).toEqual([423, 'ACCOUNT_SUSPENDED'])
    expect((await client.login(email, 'wrong password')).status).toBe(401)
  })

  test('leaves no session behind that began during the suspension', async () => {
    const email = 'racing@example.com'
    const { userId } = await newLearner(email)
    const [, ...logins] = await Promise.all([
      client.call('POST', `/v1/users/${userId}/suspend`, { token: admin, body: { reason: 'fraud' } }),
      ...Array.from({ length: 4 }, () => client.login(email)),
    ])
    const begun = logins
      .filter(({ status }) => status === 200)
      .map(({ body }) => z.object({ accessToken: z.string() }).parse(body))
    for (const { accessToken: token } of begun) await isOut(token)
  })

  test('lists users page by page and by role', async () => {
    const Page = z.object({ items: z.array(Account), nextCursor: z.string().optional() })
    const read = async (query: string) =>
      Page.parse((await client.call('GET', `/v1/users?${query}`, { token: admin })).body)
    const seen: string[] = []
    for (let cursor: string | undefined, first = true; first || cursor; first = false) {
      const page = await read(`limit=3${cursor ? `&cursor=${cursor}` : ''}`)
      seen.push(...page.items.map(({ userId }) => userId))
      cursor = page.nextCursor
    }
    expect(seen).toEqual([...new Set(seen)].toSorted())
    expect(seen).toHaveLength((await read('limit=100')).items.length)
    expect((await read('role=admin')).items.map(({ email }) => email)).toContain(ADMIN)
  })

  test.each([
    ['GET', '/v1/users', undefined],
    ['GET', '/v1/users/usr_01950000-0000-7000-8000-000000000001', undefined],
    ['PUT', '/v1/users/usr_01950000-0000-7000-8000-000000000001/roles', { roles: ['admin'] }],
    ['POST', '/v1/users/usr_01950000-0000-7000-8000-000000000001/suspend', { reason: 'abuse' }],
  ])('alone may %s %s', async (method, path, body) => {
    const { accessToken } = await client.tokensOf(client.login(ADMIN).then(() => client.login('ada@example.com')))
    const call = body === undefined ? {} : { body }
    expect((await client.call(method, path, { ...call, token: accessToken })).status).toBe(403)
    expect((await client.call(method, path, call)).status).toBe(401)
  })
})

describe('the last admin', () => {
  test('stays, and two admins who take each other the role at once leave one', async () => {
    const own = await startUserService()
    const other = createClient(own)
    const people = await Promise.all(
      ['one@example.com', 'two@example.com'].map(async (email) => {
        const { userId } = await own.provision(email, PASSWORD, ['admin'])
        return { userId, token: (await other.tokensOf(other.login(email))).accessToken }
      }),
    )
    const take = (token: string | undefined, userId: string | undefined) =>
      other.call('PUT', `/v1/users/${userId}/roles`, { ...(token ? { token } : {}), body: { roles: [] } })
    const [one, two] = people
    const answers = await Promise.all([take(one?.token, two?.userId), take(two?.token, one?.userId)])
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const left = answers[0]?.status === 200 ? one : two
    const last = await take(left?.token, left?.userId)
    expect([last.status, codeOf(last)]).toEqual([409, 'LAST_ADMIN'])
    await own.stop()
  })
})

describe('other services', () => {
  test('learn of contact data and profiles, and of no account that does not exist', async () => {
    const { userId } = await service.provision('contact@example.com', PASSWORD, [])
    const contact = await service.requester.request(Users.GetUserContact, { userId }, service)
    expect(contact).toEqual({
      email: 'contact@example.com',
      name: 'contact',
      locale: 'en',
      timezone: 'UTC',
      channels: ['email'],
    })
    const missing = 'usr_01950000-0000-7000-8000-00000000dead' as const
    const { profiles } = await service.requester.request(
      Users.GetPublicProfiles,
      { userIds: [userId, missing] },
      service,
    )
    expect(profiles).toEqual([{ userId, displayName: 'contact', bio: '', slug: null }])
    await expect(service.requester.request(Users.GetUserById, { userId: missing }, service)).rejects.toThrow(
      'There is no user',
    )
  })
})

describe('the operator', () => {
  test('provisions an account once, and what it says of the password counts', async () => {
    const first = await service.provision('operated@example.com', PASSWORD, ['tutor'])
    const second = await service.provision('operated@example.com', 'another password', ['tutor'])
    expect(second).toEqual({ userId: first.userId, created: false })
    expect((await client.login('operated@example.com')).status).toBe(401)
    expect((await client.login('operated@example.com', 'another password')).status).toBe(200)
  })
})

test('the keys of access tokens are public', async () => {
  const { body, headers } = await client.call('GET', '/.well-known/jwks.json')
  expect(headers.get('content-type')).toBe('application/jwk-set+json')
  expect(body).toMatchObject({ keys: [{ kty: 'RSA', alg: 'RS256', use: 'sig' }] })
  expect(JSON.stringify(body)).not.toContain('"d"')
})

test('the document describes every operation', () => {
  expect(Object.keys(service.http.document().paths ?? {})).toHaveLength(16)
})
