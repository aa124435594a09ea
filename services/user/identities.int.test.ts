import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { HOUR } from '#domain/kernel/clock.ts'
import { ErasureId } from '#domain/kernel/ids.ts'
import { Users } from '#bus/patterns/user.ts'
import { codeOf, createClient } from './testing/client.ts'
import { eventually, type Scene, startScene } from './testing/scene.ts'
import { startUserService, type UserService } from './testing/user-service.ts'
import { createTestUserPool, type TestUserPool } from './testing/user-pool.ts'

const endpoint = process.env['AWS_ENDPOINT_URL']
const PASSWORD = 'correct horse'
const NEW = 'a better password'

const newEmail = (): string => `${randomUUID()}@example.com`

/** What every provider of identities does, by the doors of the service. */
const conform = (theScene: () => Scene): void => {
  const register = (email: string, password = PASSWORD) => theScene().client.register(email, password)
  const login = (email: string, password = PASSWORD) => theScene().client.login(email, password)
  const codes = async (...answers: Promise<{ status: number; headers: Headers; body: unknown }>[]) =>
    (await Promise.all(answers)).map(codeOf)

  test('lets people in with their own password alone', async () => {
    const email = newEmail()
    expect((await register(email)).status).toBe(201)
    const { accessToken } = await theScene().client.tokensOf(login(email))
    expect(await theScene().accountOf(accessToken)).toMatchObject({ email, emailVerified: false })
    expect(await codes(login(email, 'wrong horse'), login(newEmail()))).toEqual([
      'INVALID_CREDENTIALS',
      'INVALID_CREDENTIALS',
    ])
  })

  test('lets people in at once after they have registered, and however they type their password', async () => {
    const email = newEmail()
    await register(email, 'Zo\u0065\u0308 the horse')
    expect((await login(email, 'Zo\u00eb the horse')).status).toBe(200)
    expect((await login(email, 'Zoe the horse')).status).toBe(401)
  })

  test('registers an address once, whatever its case and however many try', async () => {
    const email = newEmail()
    const tries = await Promise.all([email, email.toUpperCase(), email, email].map((as) => register(as)))
    expect(tries.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409])
    expect((await login(email)).status).toBe(200)
  })

  test('refuses a password that is too short, and registers nobody', async () => {
    const email = newEmail()
    const answer = await register(email, 'short')
    expect([answer.status, codeOf(answer)]).toEqual([422, 'PASSWORD_REJECTED'])
    expect((await register(email)).status).toBe(201)
  })

  test('replaces a password by mail, and the old one is good no longer', async () => {
    const email = newEmail()
    const { client, mailedToken } = theScene()
    await register(email)
    const first = await mailedToken(email)
    await client.call('POST', '/v1/auth/password-reset', { body: { email } })
    const token = await eventually(async () => {
      const newest = await client.mailedToken(email)
      if (newest === undefined || newest === first) throw new Error('No new mail yet.')
      return newest
    })
    const confirm = (password: string) =>
      client.call('POST', '/v1/auth/password-reset/confirm', { body: { token, password } })
    // Who chose a bad one tries again with the same mail.
    expect((await confirm('short')).status).toBe(422)
    expect((await confirm(NEW)).status).toBe(204)
    expect([(await login(email)).status, (await login(email, NEW)).status]).toEqual([401, 200])
  })

  test('asks for the password before the address changes, which is the one to log in with afterwards', async () => {
    const [email, wanted] = [newEmail(), newEmail()]
    const { newLearner, client, mailedToken, redeem } = theScene()
    const { accessToken: token } = await newLearner(email)
    const ask = (password: string) =>
      client.call('POST', '/v1/users/me/email-change', { token, body: { email: wanted, password } })
    expect(codeOf(await ask('wrong horse'))).toBe('PASSWORD_WRONG')
    expect((await ask(PASSWORD)).status).toBe(202)
    expect((await redeem(await mailedToken(wanted))).status).toBe(204)
    expect([(await login(email)).status, (await login(wanted)).status]).toEqual([401, 200])
  })

  test('tells a suspended person so, and nobody else', async () => {
    const email = newEmail()
    const { newLearner, client, admin, isOut } = theScene()
    const { userId, accessToken } = await newLearner(email)
    const body = { reason: 'fraud' }
    expect((await client.call('POST', `/v1/users/${userId}/suspend`, { token: admin, body })).status).toBe(200)
    await isOut(accessToken)
    expect(await codes(login(email), login(email, 'wrong horse'))).toEqual(['ACCOUNT_SUSPENDED', 'INVALID_CREDENTIALS'])
  })

  test('refreshes a session, and signs tokens with the keys of this service', async () => {
    const email = newEmail()
    const { newLearner, client, accountOf } = theScene()
    const { refreshToken, userId } = await newLearner(email)
    const { accessToken } = await client.tokensOf(client.refresh(refreshToken))
    expect(await accountOf(accessToken)).toMatchObject({ userId })
    const { body } = await client.call('GET', '/.well-known/jwks.json')
    expect(body).toMatchObject({ keys: [{ kty: 'RSA', alg: 'RS256', use: 'sig' }] })
  })

  test('answers other services who somebody is', async () => {
    const email = newEmail()
    const { newLearner, service } = theScene()
    const { userId } = await newLearner(email)
    const verify = (password: string) =>
      service.requester.request(Users.VerifyCredentials, { email, password }, { origin: service.origin })
    expect(await verify(PASSWORD)).toEqual({ userId })
    await expect(verify('wrong horse')).rejects.toThrow('wrong')
  })

  test('gives an operator the account with the password that they name', async () => {
    const email = newEmail()
    const { service } = theScene()
    await service.provision(email, PASSWORD, ['admin'])
    expect((await login(email)).status).toBe(200)
    const { userId } = await service.provision(email, NEW, [])
    expect([(await login(email)).status, (await login(email, NEW)).status]).toEqual([401, 200])
    expect((await service.provision(email, NEW, [])).userId).toBe(userId)
  })

  test('knows nothing of who has left, whose address is free again', async () => {
    const email = newEmail()
    const { newLearner, client } = theScene()
    const { accessToken: token } = await newLearner(email)
    const headers = { 'idempotency-key': `leave-${email}` }
    expect((await client.call('DELETE', '/v1/users/me', { token, headers })).status).toBe(202)
    expect((await login(email)).status).toBe(401)
    expect((await register(email, NEW)).status).toBe(201)
    expect([(await login(email)).status, (await login(email, NEW)).status]).toEqual([401, 200])
  })
}

describe('passwords in the database of the service', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await startScene()
  })
  afterAll(() => scene.stop())

  conform(() => scene)
})

describe.skipIf(endpoint === undefined)('passwords in a user pool of Cognito', () => {
  let pool: TestUserPool
  let scene: Scene
  beforeAll(async () => {
    pool = await createTestUserPool(endpoint ?? '')
    scene = await startScene(pool.variables)
  })
  afterAll(async () => {
    await scene.stop()
    await pool.drop()
  })

  conform(() => scene)

  const identity = (userId: string, expected: object | undefined) =>
    eventually(async () => expect(await pool.identityOf(userId)).toEqual(expected))

  test('are nowhere else', async () => {
    expect(await scene.service.sql`select 1 from "user".credentials`).toEqual([])
  })

  test('belong to identities that have the address and the roles of the account, as groups', async () => {
    const [email, wanted] = [newEmail(), newEmail()]
    const { userId, accessToken: token } = await scene.newLearner(email)
    await identity(userId, { status: 'CONFIRMED', email, verified: 'false', groups: ['learner'] })

    await scene.redeem(await scene.mailedToken(email))
    await pool.addToGroup(userId, `somebody-elses-${userId}`)
    const path = `/v1/users/${userId}/roles`
    const assign = async (roles: string[]) => {
      const { headers } = await scene.client.call('GET', `/v1/users/${userId}`, { token: scene.admin })
      const ifMatch = { 'if-match': headers.get('etag') ?? '' }
      return scene.client.call('PUT', path, { token: scene.admin, body: { roles }, headers: ifMatch })
    }
    expect((await assign(['tutor', 'support'])).status).toBe(200)
    const groups = [`somebody-elses-${userId}`, 'learner']
    await identity(userId, {
      status: 'CONFIRMED',
      email,
      verified: 'true',
      groups: [...groups, 'support', 'tutor'].toSorted(),
    })
    expect((await assign(['learner'])).status).toBe(200)
    await identity(userId, { status: 'CONFIRMED', email, verified: 'true', groups: groups.toSorted() })

    const body = { email: wanted, password: PASSWORD }
    const { accessToken } = await scene.client.tokensOf(scene.client.login(email))
    await scene.client.call('POST', '/v1/users/me/email-change', { token: accessToken, body })
    await scene.redeem(await scene.mailedToken(wanted))
    await identity(userId, { status: 'CONFIRMED', email: wanted, verified: 'true', groups: groups.toSorted() })
    expect(token).not.toBe(accessToken)
  })

  test('of registrations that were never committed are forgotten, and of others never', async () => {
    // Those who have left included: their erasures wait for other services.
    const accounts = async () => (await scene.service.sql`select 1 from "user".users`).length
    const email = newEmail()
    await Promise.all(Array.from({ length: 5 }, () => scene.client.register(email)))
    const { userId } = await scene.newLearner(newEmail())
    await identity(userId, expect.objectContaining({ status: 'CONFIRMED' }))
    await pool.signUpAgain(userId, PASSWORD)

    const before = await pool.size()
    // Within the hour it may still be committed.
    await scene.service.forgetStrayIdentities()
    expect(await pool.size()).toBe(before)
    scene.service.clock.advance(2 * HOUR)
    await scene.service.forgetStrayIdentities()
    expect(await pool.size()).toBeLessThan(before)
    expect(await pool.identityOf(userId)).toMatchObject({ status: 'CONFIRMED' })
    expect((await scene.client.login(email)).status).toBe(200)
    expect(await pool.size()).toBe(await accounts())
  })

  test('let people in of whom the pool has not heard that they are registered', async () => {
    const email = newEmail()
    const { userId } = await scene.newLearner(email)
    await identity(userId, expect.objectContaining({ status: 'CONFIRMED' }))
    await pool.signUpAgain(userId, PASSWORD)
    expect((await scene.client.login(email, NEW)).status).toBe(401)
    expect((await scene.client.login(email)).status).toBe(200)
  })

  test('go from the pool before an erasure is closed', async () => {
    const { userId, accessToken: token } = await scene.newLearner(newEmail())
    await identity(userId, expect.objectContaining({ status: 'CONFIRMED' }))
    const left = await scene.client.call('DELETE', '/v1/users/me', { token, headers: { 'idempotency-key': 'leave' } })
    const { erasureId: requestId } = z.object({ erasureId: ErasureId }).parse(left.body)
    const word = { requestId, service: 'learning', counts: {}, last: true }
    expect(await scene.service.sendOwn(Users.AcknowledgeErasure, word, 'last')).toEqual({ status: 'CLOSED' })
    expect(await pool.identityOf(userId)).toBeUndefined()
  })

  test('of people who registered before there was a pool come into it with the next reset', async () => {
    const email = newEmail()
    const { userId } = await scene.newLearner(email)
    await identity(userId, expect.objectContaining({ status: 'CONFIRMED' }))
    await pool.remove(userId)
    expect((await scene.client.login(email)).status).toBe(401)
    await scene.service.provision(email, NEW, [])
    expect((await scene.client.login(email, NEW)).status).toBe(200)
  })

  test('must not begin or end with a blank, which Cognito does not take', async () => {
    const answer = await scene.client.register(newEmail(), ' correct horse')
    expect([answer.status, codeOf(answer)]).toEqual([422, 'PASSWORD_REJECTED'])
  })
})

/** What the emulator never says: a Cognito that answers every call with one error. */
describe('a Cognito', () => {
  let answer: Record<string, unknown> & { status: number; type: string } = { status: 200, type: '' }
  let server: Server
  let service: UserService
  let client: ReturnType<typeof createClient>
  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume().on('end', () => {
        const { status, type, ...body } = answer
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': type })
        response.end(JSON.stringify({ __type: type, ...body }))
      })
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('The server does not listen.')
    const variables = {
      COGNITO_USER_POOL_ID: 'eu-central-1_Failing',
      COGNITO_CLIENT_ID: 'client',
      COGNITO_CLIENT_SECRET: 'secret',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${address.port}`,
    }
    service = await startUserService({ variables })
    client = createClient(service)
  })
  afterAll(async () => {
    await service.stop()
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })

  test.each([
    ['has too many calls', 400, 'TooManyRequestsException', 'Rate exceeded', 503, 'UNAVAILABLE'],
    ['is broken', 500, 'InternalErrorException', 'Internal error', 503, 'UNAVAILABLE'],
    ['does not let the service call it', 400, 'AccessDeniedException', 'Not authorized', 500, 'INTERNAL'],
  ])('that %s registers and lets in nobody', async (_what, status, type, message, expected, code) => {
    answer = { status, type, message }
    const answers = await Promise.all([client.register(newEmail()), client.login(newEmail())])
    expect(answers.map((given) => [given.status, codeOf(given)])).toEqual([
      [expected, code],
      [expected, code],
    ])
    expect(await service.sql`select 1 from "user".users`).toEqual([])
  })

  test('that has locked an account after wrong tries says when to come again', async () => {
    answer = { status: 400, type: 'NotAuthorizedException', message: 'Password attempts exceeded' }
    const refused = await client.login(newEmail())
    expect([refused.status, codeOf(refused), refused.headers.get('retry-after')]).toEqual([
      429,
      'TOO_MANY_LOGINS',
      '60',
    ])
  })

  test.each(['UserNotFoundException', 'PasswordResetRequiredException', 'InvalidParameterException'])(
    'that answers %s to a login says no more than that it is wrong',
    async (type) => {
      answer = { status: 400, type, message: 'No.' }
      expect(codeOf(await client.login(newEmail()))).toBe('INVALID_CREDENTIALS')
    },
  )

  test('that asks for more than a password lets in nobody', async () => {
    answer = { status: 200, type: '', ChallengeName: 'SMS_MFA', Session: 'session' }
    const refused = await client.login(newEmail())
    expect([refused.status, codeOf(refused)]).toEqual([500, 'INTERNAL'])
  })

  test('whose policy asks for more refuses the password in its own words', async () => {
    answer = { status: 400, type: 'InvalidPasswordException', message: 'Password must have symbol characters' }
    const { status, body } = await client.register(newEmail())
    expect([status, body]).toEqual([
      422,
      expect.objectContaining({ code: 'PASSWORD_REJECTED', detail: 'Password must have symbol characters.' }),
    ])
  })
})
