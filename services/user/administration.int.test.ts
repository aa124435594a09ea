import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { codeOf, createClient } from './testing/client.ts'
import { ADMIN, PASSWORD, type Scene, startScene } from './testing/scene.ts'
import { startUserService } from './testing/user-service.ts'
import { Account } from './views.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene.stop())

describe('an admin', () => {
  test('gives a role to the verified, and the next refresh carries it', async () => {
    const email = 'tutor@example.com'
    const { userId, refreshToken } = await scene.newLearner(email)
    const assign = () =>
      scene.client.call('PUT', `/v1/users/${userId}/roles`, { token: scene.admin, body: { roles: ['tutor'] } })
    const early = await assign()
    expect([early.status, codeOf(early)]).toEqual([422, 'EMAIL_NOT_VERIFIED'])
    expect((await scene.redeem(await scene.mailedToken(email))).status).toBe(204)
    expect((await assign()).body).toEqual({ userId, roles: ['learner', 'tutor'] })
    const { accessToken } = await scene.client.tokensOf(scene.client.refresh(refreshToken))
    expect(await scene.accountOf(accessToken)).toMatchObject({ roles: ['learner', 'tutor'] })
  })

  test('takes a role, which ends the sessions that carry it', async () => {
    const { userId } = await scene.service.provision('demoted@example.com', PASSWORD, ['tutor'])
    const { accessToken: token } = await scene.client.tokensOf(scene.client.login('demoted@example.com'))
    await scene.client.call('PUT', `/v1/users/${userId}/roles`, { token: scene.admin, body: { roles: [] } })
    await scene.isOut(token)
    const again = await scene.client.tokensOf(scene.client.login('demoted@example.com'))
    expect(await scene.accountOf(again.accessToken)).toMatchObject({ roles: ['learner'] })
  })

  test('suspends a user, whose sessions end and who cannot log in', async () => {
    const email = 'suspended@example.com'
    const { userId, accessToken: token, refreshToken } = await scene.newLearner(email)
    const suspend = () =>
      scene.client.call('POST', `/v1/users/${userId}/suspend`, { token: scene.admin, body: { reason: 'abuse' } })
    expect((await suspend()).body).toEqual({ userId, status: 'SUSPENDED' })
    expect((await suspend()).status).toBe(200)
    await scene.isOut(token)
    expect((await scene.client.refresh(refreshToken)).status).toBe(401)
    const login = await scene.client.login(email)
    expect([login.status, codeOf(login)]).toEqual([423, 'ACCOUNT_SUSPENDED'])
    expect((await scene.client.login(email, 'wrong password')).status).toBe(401)
  })

  test('leaves no session behind that began during the suspension', async () => {
    const email = 'racing@example.com'
    const { userId } = await scene.newLearner(email)
    const [, ...logins] = await Promise.all([
      scene.client.call('POST', `/v1/users/${userId}/suspend`, { token: scene.admin, body: { reason: 'fraud' } }),
      ...Array.from({ length: 4 }, () => scene.client.login(email)),
    ])
    const begun = logins
      .filter(({ status }) => status === 200)
      .map(({ body }) => z.object({ accessToken: z.string() }).parse(body))
    for (const { accessToken: token } of begun) await scene.isOut(token)
  })

  test('lists users page by page and by role', async () => {
    const Page = z.object({ items: z.array(Account), nextCursor: z.string().optional() })
    const read = async (query: string) =>
      Page.parse((await scene.client.call('GET', `/v1/users?${query}`, { token: scene.admin })).body)
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
    const { accessToken } = await scene.newLearner(`${method}${path.length}@example.com`)
    const call = body === undefined ? {} : { body }
    expect((await scene.client.call(method, path, { ...call, token: accessToken })).status).toBe(403)
    expect((await scene.client.call(method, path, call)).status).toBe(401)
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

describe('the operator', () => {
  test('provisions an account once, and what it says of the password counts', async () => {
    const first = await scene.service.provision('operated@example.com', PASSWORD, ['tutor'])
    const second = await scene.service.provision('operated@example.com', 'another password', ['tutor'])
    expect(second).toEqual({ userId: first.userId, created: false })
    expect((await scene.client.login('operated@example.com')).status).toBe(401)
    expect((await scene.client.login('operated@example.com', 'another password')).status).toBe(200)
  })
})
