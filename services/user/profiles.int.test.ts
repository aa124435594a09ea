import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf } from './testing/client.ts'
import { eventually, type Scene, startScene } from './testing/scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene.stop())

describe('the own account and profile', () => {
  test('change only on the version that was read', async () => {
    const { accessToken: token } = await scene.newLearner('etag@example.com')
    const read = await scene.client.call('GET', '/v1/users/me', { token })
    const tag = read.headers.get('etag') ?? ''
    const change = (headers: Record<string, string>) =>
      scene.client.call('PATCH', '/v1/users/me', { token, headers, body: { displayName: 'Countess' } })
    expect((await change({})).status).toBe(428)
    const changed = await change({ 'if-match': tag })
    expect(changed.body).toMatchObject({ displayName: 'Countess', locale: 'en' })
    expect((await scene.client.call('GET', '/v1/users/me', { token })).headers.get('etag')).toBe(
      changed.headers.get('etag'),
    )
    expect((await change({ 'if-match': tag })).status).toBe(412)
  })

  test('two changes of the same version at the same time: one holds, the other is told', async () => {
    const { accessToken: token } = await scene.newLearner('racing-etag@example.com')
    const tagNow = async () => (await scene.client.call('GET', '/v1/users/me', { token })).headers.get('etag') ?? ''
    for (let round = 0; round < 20; round++) {
      const headers = { 'if-match': await tagNow() }
      const change = (at: number) =>
        scene.client.call('PATCH', '/v1/users/me', { token, headers, body: { displayName: `Name ${round}-${at}` } })
      const answers = await Promise.all(Array.from({ length: 6 }, (_, at) => change(at)))
      expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', ...Array(5).fill('412')])
      const held = answers.find(({ status }) => status === 200)
      expect(held?.headers.get('etag')).toBe(await tagNow())
    }
  })

  test('what strangers see is read once, and again after every change', async () => {
    const { accessToken: token, userId } = await scene.newLearner('cached@example.com')
    const shown = () => scene.client.call('GET', `/v1/users/${userId}/public`)
    const statementsOf = async (ask: () => Promise<unknown>): Promise<number> => {
      const before = scene.service.statements()
      await ask()
      return scene.service.statements() - before
    }
    await shown()
    await eventually(async () => expect(await statementsOf(shown)).toBe(0))
    const change = async (displayName: string) => {
      const tag = (await scene.client.call('GET', '/v1/users/me', { token })).headers.get('etag') ?? ''
      await scene.client.call('PATCH', '/v1/users/me', { token, headers: { 'if-match': tag }, body: { displayName } })
    }
    for (const displayName of ['First', 'Second']) {
      await change(displayName)
      await eventually(async () => expect((await shown()).body).toMatchObject({ displayName }))
    }
    const nobody = () => scene.client.call('GET', '/v1/users/usr_01950000-0000-7000-8000-00000000000f/public')
    expect((await nobody()).status).toBe(404)
    await eventually(async () => expect(await statementsOf(nobody)).toBe(0))
    await scene.client.call('DELETE', '/v1/users/me', { token, headers: { 'idempotency-key': 'cached-leaves' } })
    await eventually(async () => expect((await shown()).status).toBe(404))
  })

  test('a profile is replaced as a whole, and shows strangers its public part', async () => {
    const { accessToken: token, userId } = await scene.newLearner('profile@example.com')
    const tag = (await scene.client.call('GET', '/v1/users/me/profile', { token })).headers.get('etag') ?? ''
    const body = { displayName: 'Ada', bio: 'Mathematician', locale: 'en', timezone: 'UTC', slug: 'ada' }
    const put = await scene.client.call('PUT', '/v1/users/me/profile', { token, headers: { 'if-match': tag }, body })
    expect([put.status, put.body]).toEqual([200, { userId, ...body, version: 2 }])
    const shown = await scene.client.call('GET', `/v1/users/${userId}/public`)
    expect(shown.body).toEqual({ userId, displayName: 'Ada', bio: 'Mathematician', slug: 'ada' })

    const other = await scene.newLearner('profile2@example.com')
    const taken = await scene.client.call('PUT', '/v1/users/me/profile', {
      token: other.accessToken,
      headers: { 'if-match': '"1"' },
      body,
    })
    expect([taken.status, codeOf(taken)]).toEqual([409, 'SLUG_TAKEN'])
  })
})
