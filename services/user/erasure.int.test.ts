import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY, MINUTE } from '#domain/kernel/clock.ts'
import { z } from 'zod'
import { codeOf } from './testing/client.ts'
import { ADMIN, eventually, type Scene, startScene } from './testing/scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene.stop())

let keys = 0
const leave = (token: string) =>
  scene.client.call('DELETE', '/v1/users/me', { token, headers: { 'idempotency-key': `leave-${++keys}` } })

const left = async (token: string) => {
  const answer = await leave(token)
  expect(answer.status).toBe(202)
  return z.object({ erasureId: z.string(), dueAt: z.string() }).parse(answer.body)
}

describe('an account that its owner deletes', () => {
  test('is gone at once: sessions, login, profile and address', async () => {
    const email = 'leaves@example.com'
    const { accessToken, refreshToken, userId } = await scene.newLearner(email)
    await left(accessToken)
    await scene.isOut(accessToken)
    expect((await scene.client.refresh(refreshToken)).status).toBe(401)
    expect(codeOf(await scene.client.login(email))).toBe('INVALID_CREDENTIALS')
    expect((await scene.client.call('GET', `/v1/users/${userId}/public`)).status).toBe(404)
    expect((await scene.client.call('GET', `/v1/users/${userId}`, { token: scene.admin })).status).toBe(404)
    expect((await scene.client.register(email)).status).toBe(201)
  })

  test('tells how far the erasure has come, without a login and without a name', async () => {
    const { accessToken, userId } = await scene.newLearner('tells@example.com')
    const answer = await leave(accessToken)
    const seen = await scene.client.call('GET', z.string().parse(answer.headers.get('location')))
    expect(seen.status).toBe(200)
    expect(seen.body).toMatchObject({
      status: 'RUNNING',
      acknowledged: [{ service: 'user', counts: { account: 1, sessions: 1, profiles: 1, credentials: 1 } }],
    })
    expect(JSON.stringify(seen.body)).not.toContain(userId)
    const unknown = await scene.client.call('GET', '/v1/erasures/ers_01950000-0000-7000-8000-000000000001')
    expect(codeOf(unknown)).toBe('ERASURE_NOT_FOUND')
  })

  test('is asked for a new login where the last one is long ago', async () => {
    const email = 'long-ago@example.com'
    const { refreshToken } = await scene.newLearner(email)
    scene.service.clock.advance(16 * MINUTE)
    const { accessToken } = await scene.client.tokensOf(scene.client.refresh(refreshToken))
    const answer = await leave(accessToken)
    expect([answer.status, codeOf(answer)]).toEqual([403, 'LOGIN_TOO_OLD'])
    await left((await scene.client.tokensOf(scene.client.login(email))).accessToken)
  })

  test('stays where it is the last of an admin', async () => {
    const { accessToken } = await scene.client.tokensOf(scene.client.login(ADMIN))
    const answer = await leave(accessToken)
    expect([answer.status, codeOf(answer)]).toEqual([409, 'LAST_ADMIN'])
  })

  test('is deleted once, whatever comes at once', async () => {
    const { accessToken, userId } = await scene.newLearner('twice-gone@example.com')
    const answers = await Promise.all(Array.from({ length: 4 }, () => leave(accessToken)))
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1)
    expect(await scene.service.sql`select from "user".erasure_requests where user_id = ${userId}`).toHaveLength(1)
  })
})

describe('an onboarding', () => {
  const mails = async (email: string) => (await scene.client.mailsTo(email)).length
  const forward = async (ms: number) => {
    scene.service.clock.advance(ms)
    await scene.service.timers()
  }

  test('reminds twice of an address that is not verified, and in the end erases the account', async () => {
    const email = 'never@example.com'
    await scene.newLearner(email)
    await scene.mailedToken(email)
    await forward(DAY + MINUTE)
    await eventually(async () => expect(await mails(email)).toBe(2))
    await forward(2 * DAY)
    await eventually(async () => expect(await mails(email)).toBe(3))
    await forward(27 * DAY)
    await eventually(async () => expect(codeOf(await scene.client.login(email))).toBe('INVALID_CREDENTIALS'))
    await eventually(async () => expect(await mails(email)).toBe(0))
  })

  test('leaves who is suspended as they are, so that nobody comes back under the address', async () => {
    const email = 'suspended-early@example.com'
    const { userId } = await scene.newLearner(email)
    const admin = (await scene.client.tokensOf(scene.client.login(ADMIN))).accessToken
    const suspended = { token: admin, body: { reason: 'abuse' } }
    expect((await scene.client.call('POST', `/v1/users/${userId}/suspend`, suspended)).status).toBe(200)
    await forward(31 * DAY)
    await eventually(async () => {
      const [saga] = await scene.service.sql`select status from "user".saga where key = ${userId}`
      expect(saga?.['status']).toBe('completed')
    })
    expect(codeOf(await scene.client.login(email))).toBe('ACCOUNT_SUSPENDED')
  })

  test('ends with the verification, and nobody is reminded', async () => {
    const email = 'verified-in-time@example.com'
    const { userId } = await scene.newLearner(email)
    expect((await scene.redeem(await scene.mailedToken(email))).status).toBe(204)
    await eventually(async () => {
      const [saga] = await scene.service.sql`select status from "user".saga where key = ${userId}`
      expect(saga?.['status']).toBe('completed')
    })
    await forward(31 * DAY)
    expect(await mails(email)).toBe(1)
    expect((await scene.client.login(email)).status).toBe(200)
  })
})
