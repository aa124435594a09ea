import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UserId } from '#domain/kernel/ids.ts'
import { Users } from '#bus/patterns/user.ts'
import { codeOf } from './testing/client.ts'
import { eventually, PASSWORD, type Scene, startScene } from './testing/scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene.stop())

const ask = (token: string, email: string, password = PASSWORD) =>
  scene.client.call('POST', '/v1/users/me/email-change', { token, body: { email, password } })

describe('another e-mail address', () => {
  test('is theirs once it is proven; the old one is told, and is free then', async () => {
    const { accessToken: token } = await scene.newLearner('old@example.com')
    expect((await ask(token, 'New@example.com')).status).toBe(202)
    expect(await scene.accountOf(token)).toMatchObject({ email: 'old@example.com', pendingEmail: 'new@example.com' })
    expect((await scene.redeem(await scene.mailedToken('new@example.com'))).status).toBe(204)
    expect(await scene.accountOf(token)).toMatchObject({
      email: 'new@example.com',
      pendingEmail: null,
      emailVerified: true,
    })
    expect((await scene.client.login('new@example.com')).status).toBe(200)
    expect((await scene.client.login('old@example.com')).status).toBe(401)
    const notices = (await scene.client.mailsTo('old@example.com')).filter((text) => text.includes('another e-mail'))
    expect(notices).toHaveLength(1)
    expect((await scene.client.register('old@example.com')).status).toBe(201)
  })

  test('needs the password again, which is not guessed', async () => {
    const { accessToken: token } = await scene.newLearner('careful@example.com')
    const refused = await ask(token, 'thief@example.com', 'not the password')
    expect([refused.status, codeOf(refused)]).toEqual([422, 'PASSWORD_WRONG'])
    expect(refused.body).toMatchObject({ errors: [{ pointer: '/password' }] })
    // One login and one try so far; ten of both in a minute.
    for (let tries = 0; tries < 8; tries++) await ask(token, 'thief@example.com', 'not the password')
    const tooMany = await ask(token, 'thief@example.com')
    expect([tooMany.status, await scene.client.mailsTo('thief@example.com')]).toEqual([429, []])
  })

  test('that somebody else has is a conflict', async () => {
    await scene.client.register('has-it@example.com')
    const { accessToken: token } = await scene.newLearner('wants-it@example.com')
    const refused = await ask(token, 'HAS-IT@example.com')
    expect([refused.status, codeOf(refused)]).toEqual([409, 'EMAIL_TAKEN'])
  })

  test('that somebody else has taken meanwhile stays theirs', async () => {
    const { accessToken: token } = await scene.newLearner('slow@example.com')
    await ask(token, 'contested@example.com')
    const mailed = await scene.mailedToken('contested@example.com')
    expect((await scene.client.register('contested@example.com', 'another password')).status).toBe(201)
    expect((await scene.redeem(mailed)).status).toBe(410)
    expect(await scene.accountOf(token)).toMatchObject({ email: 'slow@example.com' })
  })

  test('that two people want at the same time becomes the one of one of them', async () => {
    const [first, second] = [await scene.newLearner('one@example.com'), await scene.newLearner('two@example.com')]
    await ask(first.accessToken, 'both@example.com')
    const firstToken = await scene.mailedToken('both@example.com')
    await ask(second.accessToken, 'both@example.com')
    const secondToken = await eventually(async () => {
      const mailed = await scene.client.mailedToken('both@example.com')
      if (mailed === undefined || mailed === firstToken) throw new Error('No second mail yet.')
      return mailed
    })
    const answers = await Promise.all([scene.redeem(firstToken), scene.redeem(secondToken)])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 410])
  })

  test('is the one that was wanted last, or none', async () => {
    const { accessToken: token } = await scene.newLearner('wavering@example.com')
    await ask(token, 'first-wish@example.com')
    const first = await scene.mailedToken('first-wish@example.com')
    await ask(token, 'second-wish@example.com')
    const second = await scene.mailedToken('second-wish@example.com')
    expect((await scene.redeem(first)).status).toBe(410)
    expect((await ask(token, 'wavering@example.com')).status).toBe(202)
    expect((await scene.redeem(second)).status).toBe(410)
    expect(await scene.accountOf(token)).toMatchObject({ email: 'wavering@example.com', pendingEmail: null })
  })

  test('is mailed once more, and the same, where its message comes again', async () => {
    const { accessToken: token, userId } = await scene.newLearner('again-mail@example.com')
    await ask(token, 'again-new@example.com')
    await scene.mailedToken('again-new@example.com')
    const send = () =>
      scene.service.sendOwn(Users.SendEmailChange, { userId: UserId.parse(userId) }, 'msg_change_again')
    expect([await send(), await send()]).toEqual([{ sent: true }, { sent: true }])
    expect(await scene.client.mailsTo('again-new@example.com')).toHaveLength(2)
  })

  test('is forgotten with a reset of the password', async () => {
    const email = 'hijacked@example.com'
    const { accessToken: token } = await scene.newLearner(email)
    await ask(token, 'hijacker@example.com')
    const hijack = await scene.mailedToken('hijacker@example.com')
    const before = await scene.client.mailedToken(email)
    await scene.client.call('POST', '/v1/auth/password-reset', { body: { email } })
    const reset = await eventually(async () => {
      const mailed = await scene.client.mailedToken(email)
      if (mailed === undefined || mailed === before) throw new Error('No mail yet.')
      return mailed
    })
    const body = { token: reset, password: 'a better password' }
    expect((await scene.client.call('POST', '/v1/auth/password-reset/confirm', { body })).status).toBe(204)
    expect((await scene.redeem(hijack)).status).toBe(410)
  })
})
