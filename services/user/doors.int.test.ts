import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MessageDefinition } from '#domain/kernel/message.ts'
import { Users } from '#bus/patterns/user.ts'
import { codeOf, createClient } from './testing/client.ts'
import { eventually, PASSWORD, type Scene, startScene } from './testing/scene.ts'
import { user } from './service.ts'
import { startUserService } from './testing/user-service.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene.stop())

describe('other services', () => {
  test('learn of contact data and profiles, and of no account that does not exist', async () => {
    const { userId } = await scene.service.provision('contact@example.com', PASSWORD, [])
    const contact = await scene.service.requester.request(Users.GetUserContact, { userId }, scene.service)
    expect(contact).toEqual({
      email: 'contact@example.com',
      name: 'contact',
      locale: 'en',
      timezone: 'UTC',
      channels: ['email'],
    })
    const missing = 'usr_01950000-0000-7000-8000-00000000dead' as const
    const { profiles } = await scene.service.requester.request(
      Users.GetPublicProfiles,
      { userIds: [userId, missing] },
      scene.service,
    )
    expect(profiles).toEqual([{ userId, displayName: 'contact', bio: '', slug: null }])
    await expect(
      scene.service.requester.request(Users.GetUserById, { userId: missing }, scene.service),
    ).rejects.toThrow('There is no user')
  })
})

describe('other services that know an address', () => {
  const ask = <In, Out>(definition: MessageDefinition<In, Out>, input: NoInfer<In>): Promise<Out> =>
    scene.service.requester.request(definition, input, scene.service)

  test('learn whose it is, and whether it is anybody', async () => {
    const { userId } = await scene.service.provision('known@example.com', PASSWORD, [])
    expect(await ask(Users.GetUserByEmail, { email: 'known@example.com' })).toEqual({ userId })
    expect(await ask(Users.CheckUserExists, { email: 'known@example.com' })).toEqual({ exists: true })
    expect(await ask(Users.CheckUserExists, { email: 'unknown@example.com' })).toEqual({ exists: false })
    await expect(ask(Users.GetUserByEmail, { email: 'unknown@example.com' })).rejects.toThrow('Nobody has')
  })

  test('may try its password as often as anybody', async () => {
    const { userId } = await scene.service.provision('tried@example.com', PASSWORD, [])
    const attempt = (password: string) => ask(Users.VerifyCredentials, { email: 'tried@example.com', password })
    expect(await attempt(PASSWORD)).toEqual({ userId })
    for (let tries = 1; tries < 10; tries++) await expect(attempt('wrong')).rejects.toThrow('is wrong')
    await expect(attempt(PASSWORD)).rejects.toThrow('Too many tries')
  })

  test('are not let in by a suspended account', async () => {
    const { userId } = await scene.service.provision('suspended@example.com', PASSWORD, [])
    const suspend = { token: scene.admin, body: { reason: 'fraud' } }
    await scene.client.call('POST', `/v1/users/${userId}/suspend`, suspend)
    const attempt = ask(Users.VerifyCredentials, { email: 'suspended@example.com', password: PASSWORD })
    await expect(attempt).rejects.toThrow('suspended')
  })
})

test('the keys of access tokens are public', async () => {
  const { body, headers } = await scene.client.call('GET', '/.well-known/jwks.json')
  expect(headers.get('content-type')).toBe('application/jwk-set+json')
  expect(body).toMatchObject({ keys: [{ kty: 'RSA', alg: 'RS256', use: 'sig' }] })
  expect(JSON.stringify(body)).not.toContain('"d"')
})

test('the document describes every route of the service', () => {
  const documented = Object.keys(scene.service.http.document().paths ?? {})
  expect(documented.toSorted()).toEqual([...new Set(user.routes.map(({ path }) => path))].toSorted())
})

test('the mailbox shows the mail of one address, or all of it', async () => {
  const client = createClient(scene.service)
  const everything = await client.call('GET', '/dev/mailbox')
  expect(everything.status).toBe(200)
  expect((await client.call('GET', '/dev/mailbox?to=nobody@example.com')).body).toEqual({ items: [] })
})

test('a production host has no mailbox to read', async () => {
  const production = await startUserService({ development: false })
  const answer = await createClient(production).call('GET', '/dev/mailbox?to=ada@example.com')
  expect([answer.status, codeOf(answer)]).toEqual([404, 'ROUTE_NOT_FOUND'])
  await production.stop()
})

test('a drained service still answers, and leaves what it has written for the next start', async () => {
  const draining = await startUserService()
  const client = createClient(draining)
  await draining.drain()
  await client.register('drained@example.com')
  expect((await client.login('drained@example.com')).status).toBe(200)
  expect(await client.mailedToken('drained@example.com')).toBeUndefined()
  await draining.stop()
})

test('deliveries that fail are counted', async () => {
  const { transport, metrics } = scene.service
  transport.connect('deaf', [Users.UserCreated.type], () => Promise.reject(new Error('Too loud')))
  await scene.client.register('unheard@example.com')
  await eventually(async () =>
    expect((await metrics.text()).body).toContain('relay_failures_total{service="user",type="user.created"}'),
  )
})
