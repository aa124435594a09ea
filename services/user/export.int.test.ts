import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addMs, DAY, HOUR } from '#domain/kernel/clock.ts'
import { z } from 'zod'
import { codeOf } from './testing/client.ts'
import { type Scene, startScene } from './testing/scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene.stop())

const ask = (token: string) => scene.client.call('POST', '/v1/users/me/export', { token })
const idOf = (body: unknown) => z.object({ exportId: z.string() }).parse(body).exportId

// No other service runs here, so that a copy never becomes whole.
describe('a copy of all data that a service is missing from', () => {
  test('is not there in part, and is tried again when it is asked for an hour later', async () => {
    const email = 'copies@example.com'
    const { accessToken, refreshToken } = await scene.newLearner(email)
    const first = await ask(accessToken)
    expect(first.status).toBe(202)
    const path = z.string().parse(first.headers.get('location'))
    expect((await scene.client.call('GET', path, { token: accessToken })).body).toMatchObject({ status: 'RUNNING' })
    const early = await ask(accessToken)
    expect([early.status, codeOf(early)]).toEqual([409, 'EXPORT_RUNNING'])
    scene.service.clock.advance(HOUR)
    const { accessToken: later } = await scene.client.tokensOf(scene.client.refresh(refreshToken))
    const again = await ask(later)
    expect([again.status, idOf(again.body)]).toEqual([202, idOf(first.body)])
  })

  test('is missing to everybody else', async () => {
    const { accessToken } = await scene.newLearner('owns-a-copy@example.com')
    const path = z.string().parse((await ask(accessToken)).headers.get('location'))
    const stranger = await scene.newLearner('stranger-to-copies@example.com')
    const answer = await scene.client.call('GET', path, { token: stranger.accessToken })
    expect([answer.status, codeOf(answer)]).toEqual([404, 'EXPORT_NOT_FOUND'])
  })
})

test('a copy is gone when its week is over, and not before', async () => {
  const { userId } = await scene.newLearner('old-copies@example.com')
  const copies = () => scene.service.sql`select id from "user".data_exports where user_id = ${userId} order by id`
  const readyFor = async (id: string, days: number): Promise<void> => {
    const readyAt = addMs(scene.service.clock.now(), -days * DAY)
    await scene.service.sql`
      insert into "user".data_exports (id, user_id, status, requested_at, archive, ready_at, expires_at, version)
      values (${id}, ${userId}, 'READY', ${readyAt}, '{}', ${readyAt}, ${addMs(readyAt, 7 * DAY)}, 2)`
  }
  await readyFor('exp_old', 8)
  await readyFor('exp_young', 6)
  await scene.service.purgeExpired()
  expect(await copies()).toEqual([{ id: 'exp_young' }])
})
