import { expect, test } from 'vitest'
import { addMs } from '#domain/kernel/clock.ts'
import { UserId } from '#domain/kernel/ids.ts'
import { FRESH_LOGIN_MS, requireFreshLogin, type UserActor } from './actor.ts'
import { LoginTooOld } from './errors.ts'

const NOW = '2026-11-28T06:00:00.000Z'

const loggedIn = (loggedInAt?: string): UserActor => ({
  kind: 'user',
  userId: UserId.parse('usr_01950000-0000-7000-8000-000000000001'),
  sessionId: 'ses',
  roles: ['learner'],
  scopes: new Set(),
  emailVerified: true,
  loggedInAt,
})

test('a login is fresh for 15 minutes', () => {
  expect(() => requireFreshLogin(loggedIn(addMs(NOW, -FRESH_LOGIN_MS)), NOW)).not.toThrow()
})

test.each([
  ['older', addMs(NOW, -FRESH_LOGIN_MS - 1)],
  ['that nobody knows of', undefined],
])('one %s is not', (_, loggedInAt) => {
  const attempt = () => requireFreshLogin(loggedIn(loggedInAt), NOW)
  expect(attempt).toThrow(expect.toSatisfy(LoginTooOld.is))
})
