import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOUR } from '#domain/kernel/clock.ts'
import { UserId } from '#domain/kernel/ids.ts'
import { Users } from '#bus/patterns/user.ts'
import { codeOf, createClient } from './testing/client.ts'
import { eventually, PASSWORD, type Scene, startScene } from './testing/scene.ts'
import { startUserService } from './testing/user-service.ts'

const NEW = 'a better password'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene.stop())

const ask = (email: string) => scene.client.call('POST', '/v1/auth/password-reset', { body: { email } })
const confirm = (token: string, password = NEW) =>
  scene.client.call('POST', '/v1/auth/password-reset/confirm', { body: { token, password } })

/** Asks for a mail and waits for its token. */
const tokenFor = async (email: string): Promise<string> => {
  const before = await scene.client.mailedToken(email)
  expect((await ask(email)).status).toBe(202)
  return eventually(async () => {
    const token = await scene.client.mailedToken(email)
    if (token === undefined || token === before) throw new Error(`No new mail to ${email} yet.`)
    return token
  })
}

const registered = async (email: string) => {
  const learner = await scene.newLearner(email)
  await scene.mailedToken(email)
  return learner
}

describe('a forgotten password', () => {
  test('is replaced with the token of the mail, and the new one logs in', async () => {
    const email = 'forgot@example.com'
    await registered(email)
    expect((await confirm(await tokenFor(email))).status).toBe(204)
    expect((await scene.client.login(email)).status).toBe(401)
    const { accessToken } = await scene.client.tokensOf(scene.client.login(email, NEW))
    expect(await scene.accountOf(accessToken)).toMatchObject({ emailVerified: true })
    await eventually(async () => expect((await scene.client.mailsTo(email))[0]).toContain('was reset by mail'))
  })

  test('ends all sessions, of a thief as well', async () => {
    const email = 'robbed@example.com'
    const { accessToken, refreshToken } = await registered(email)
    expect((await confirm(await tokenFor(email))).status).toBe(204)
    await scene.isOut(accessToken)
    expect((await scene.client.refresh(refreshToken)).status).toBe(401)
  })

  test('is replaced once for each mail, and a mail of before is good no longer', async () => {
    const email = 'twice-asked@example.com'
    await registered(email)
    const first = await tokenFor(email)
    const second = await tokenFor(email)
    expect((await confirm(second)).status).toBe(204)
    for (const token of [first, second]) {
      const again = await confirm(token, 'another password')
      expect([again.status, codeOf(again)]).toEqual([410, 'TOKEN_GONE'])
    }
    expect((await scene.client.login(email, NEW)).status).toBe(200)
  })

  test('is replaced once where the same token comes twice at the same time', async () => {
    const email = 'raced@example.com'
    await registered(email)
    const token = await tokenFor(email)
    const answers = await Promise.all([confirm(token, 'the first password'), confirm(token, 'the second password')])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 410])
  })

  test('may be chosen again with the same mail where the new one is refused', async () => {
    const email = 'weak@example.com'
    await registered(email)
    const token = await tokenFor(email)
    const weak = await confirm(token, 'short')
    expect([weak.status, codeOf(weak)]).toEqual([422, 'PASSWORD_REJECTED'])
    expect((await confirm(token)).status).toBe(204)
  })

  test('is asked for with one answer, whether somebody has the address or not', async () => {
    const email = 'somebody@example.com'
    await registered(email)
    const [known, unknown] = [await ask(email), await ask('nobody-at-all@example.com')]
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body])
    expect(await scene.client.mailsTo('nobody-at-all@example.com')).toEqual([])
  })

  test('is asked for five times in a quarter of an hour', async () => {
    const answers = []
    for (let asked = 0; asked < 6; asked++) answers.push(await ask('bombed@example.com'))
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 429])
    expect(answers.slice(-1).map(codeOf)).toEqual(['TOO_MANY_RESETS'])
  })
})

describe('a token for a new password', () => {
  test('is locked after five wrong tries', async () => {
    const email = 'guessed-reset@example.com'
    await registered(email)
    const token = await tokenFor(email)
    const wrong = `${token.split('~')[0]}~${'x'.repeat(43)}`
    for (let tries = 0; tries < 5; tries++) expect((await confirm(wrong)).status).toBe(410)
    expect((await confirm(token)).status).toBe(410)
  })

  test('of one purpose is none for another', async () => {
    const email = 'mixed@example.com'
    await registered(email)
    const verification = await scene.mailedToken(email)
    expect((await confirm(verification)).status).toBe(410)
    const reset = await tokenFor(email)
    expect((await scene.redeem(reset)).status).toBe(410)
  })

  test('is no way around a suspension', async () => {
    const email = 'suspended-reset@example.com'
    const { userId } = await registered(email)
    const token = await tokenFor(email)
    const suspend = { token: scene.admin, body: { reason: 'abuse' } }
    expect((await scene.client.call('POST', `/v1/users/${userId}/suspend`, suspend)).status).toBe(200)
    expect((await confirm(token)).status).toBe(410)
    const send = scene.service.sendOwn(Users.SendPasswordReset, { userId: UserId.parse(userId) }, 'msg_suspended')
    expect(await send).toEqual({ sent: false })
  })

  test('is good for an hour', async () => {
    const own = await startUserService()
    const client = createClient(own)
    const email = 'late-reset@example.com'
    await client.register(email, PASSWORD)
    await eventually(async () => expect(await client.mailsTo(email)).toHaveLength(1))
    await client.call('POST', '/v1/auth/password-reset', { body: { email } })
    const token = await eventually(async () => {
      expect(await client.mailsTo(email)).toHaveLength(2)
      const mailed = await client.mailedToken(email)
      if (mailed === undefined) throw new Error('It is not stored yet.')
      return mailed
    })
    own.clock.advance(HOUR)
    const body = { token, password: NEW }
    expect((await client.call('POST', '/v1/auth/password-reset/confirm', { body })).status).toBe(410)
    await own.stop()
  })

  test('is mailed once more, and the same, where its message comes again', async () => {
    const { userId } = await registered('redelivered-reset@example.com')
    const send = () =>
      scene.service.sendOwn(Users.SendPasswordReset, { userId: UserId.parse(userId) }, 'msg_reset_again')
    expect([await send(), await send()]).toEqual([{ sent: true }, { sent: true }])
    const tokens = (await scene.client.mailsTo('redelivered-reset@example.com')).filter((text) =>
      text.includes('new password'),
    )
    expect(tokens).toHaveLength(1)
  })
})
