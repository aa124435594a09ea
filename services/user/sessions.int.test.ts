import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { codeOf } from './testing/client.ts'
import { eventually, type Scene, startScene } from './testing/scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene.stop())

describe('refreshing', () => {
  test('hands out the next token, and the same one again when the reply was lost', async () => {
    const { refreshToken } = await scene.newLearner('refresh@example.com')
    const next = await scene.client.tokensOf(scene.client.refresh(refreshToken))
    const retried = await scene.client.tokensOf(scene.client.refresh(refreshToken))
    expect(retried.refreshToken).toBe(next.refreshToken)
    expect(next.refreshToken).not.toBe(refreshToken)
  })

  test('at the same time gives everybody the same successor', async () => {
    const { refreshToken } = await scene.newLearner('together@example.com')
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => scene.client.tokensOf(scene.client.refresh(refreshToken))),
    )
    expect(new Set(answers.map((tokens) => tokens.refreshToken)).size).toBe(1)
  })

  test('with a token that was used before ends the session for the thief and the owner', async () => {
    const { refreshToken, accessToken } = await scene.newLearner('stolen@example.com')
    const second = await scene.client.tokensOf(scene.client.refresh(refreshToken))
    await scene.client.tokensOf(scene.client.refresh(second.refreshToken))
    const reuse = await scene.client.refresh(refreshToken)
    expect([reuse.status, codeOf(reuse)]).toEqual([401, 'SESSION_ENDED'])
    expect((await scene.client.refresh(second.refreshToken)).status).toBe(401)
    expect((await scene.client.call('GET', '/v1/users/me', { token: accessToken })).status).toBe(401)
  })

  test.each(['', 'nonsense', 'ses_01950000-0000-7000-8000-000000000001~AAAA'])('with %j is refused', async (text) => {
    expect([400, 401]).toContain((await scene.client.refresh(text)).status)
  })
})

describe('sessions', () => {
  test('are listed for their owner and ended one by one', async () => {
    const email = 'sessions@example.com'
    const { accessToken: token } = await scene.newLearner(email)
    const other = await scene.client.tokensOf(scene.client.login(email))
    const Sessions = z.object({ items: z.array(z.object({ sessionId: z.string(), current: z.boolean() })) })
    const list = async () =>
      Sessions.parse((await scene.client.call('GET', '/v1/users/me/sessions', { token })).body).items
    const [second] = await list()
    expect((await list()).map(({ current }) => current)).toEqual([false, true])
    const end = () => scene.client.call('DELETE', `/v1/users/me/sessions/${second?.sessionId}`, { token })
    expect((await end()).status).toBe(204)
    expect((await scene.client.call('GET', '/v1/users/me', { token: other.accessToken })).status).toBe(401)
    const again = await end()
    expect([again.status, codeOf(again)]).toEqual([404, 'SESSION_NOT_FOUND'])
  })

  test('of somebody else are as good as missing', async () => {
    const mine = await scene.newLearner('mine@example.com')
    const theirs = await scene.newLearner('theirs@example.com')
    const [id] = theirs.refreshToken.split('~')
    const answer = await scene.client.call('DELETE', `/v1/users/me/sessions/${id}`, { token: mine.accessToken })
    expect([answer.status, codeOf(answer)]).toEqual([404, 'SESSION_NOT_FOUND'])
  })

  test('end at the logout, even when Redis is away at that moment', async () => {
    const { accessToken: token, refreshToken } = await scene.newLearner('logout@example.com')
    scene.service.setRedisDown(true)
    expect((await scene.client.call('POST', '/v1/auth/logout', { token })).status).toBe(204)
    expect((await scene.client.call('GET', '/v1/users/me', { token })).status).toBe(401)
    scene.service.setRedisDown(false)
    expect((await scene.client.refresh(refreshToken)).status).toBe(401)
    await eventually(async () =>
      expect(await scene.service.redis.command('GET', `sess:${refreshToken.split('~')[0]}`)).toBe('0'),
    )
  })
})
