import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf } from './testing/client.ts'
import { type Scene, startScene } from './testing/scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene.stop())

const say = (token: string, purpose: string, given: boolean, documentVersion = '2026-01') =>
  scene.client.call('PUT', `/v1/users/me/consents/${purpose}`, { token, body: { given, documentVersion } })
const list = async (token: string) => (await scene.client.call('GET', '/v1/users/me/consents', { token })).body

describe('consents', () => {
  test('are none before they are given, and show the last word with its date', async () => {
    const { accessToken: token } = await scene.newLearner('consents@example.com')
    expect(await list(token)).toEqual({ items: [] })
    const given = await say(token, 'analytics', true)
    expect(given.status).toBe(200)
    await say(token, 'terms', true)
    const withdrawn = await say(token, 'analytics', false, '2026-02')
    expect(withdrawn.body).toMatchObject({ purpose: 'analytics', given: false, documentVersion: '2026-02' })
    expect(await list(token)).toMatchObject({
      items: [
        { purpose: 'analytics', given: false },
        { purpose: 'terms', given: true },
      ],
    })
  })

  test('that are given again keep their date', async () => {
    const { accessToken: token } = await scene.newLearner('again-consent@example.com')
    const first = await say(token, 'marketing_email', true)
    expect((await say(token, 'marketing_email', true)).body).toEqual(first.body)
  })

  test('that are given and withdrawn at the same time end with one of the two', async () => {
    const { accessToken: token } = await scene.newLearner('both-consents@example.com')
    const answers = await Promise.all([true, false, true, false].map((given) => say(token, 'analytics', given)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(await list(token)).toMatchObject({ items: [{ purpose: 'analytics' }] })
  })

  test('that an account needs are not withdrawn', async () => {
    const { accessToken: token } = await scene.newLearner('needed@example.com')
    const refused = await say(token, 'privacy', false)
    expect([refused.status, codeOf(refused)]).toEqual([422, 'CONSENT_NOT_WITHDRAWABLE'])
    expect(refused.body).toMatchObject({ errors: [{ pointer: '/given' }] })
  })

  test.each([
    ['nonsense', '2026-01'],
    ['terms', 'a b'],
  ])('to %s in version %j are refused', async (purpose, documentVersion) => {
    const { accessToken: token } = await scene.client.tokensOf(scene.client.login('needed@example.com'))
    expect((await say(token, purpose, true, documentVersion)).status).toBe(400)
  })
})
