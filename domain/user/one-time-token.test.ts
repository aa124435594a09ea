import { describe, expect, test } from 'vitest'
import { HOUR } from '../kernel/clock.ts'
import { EMAIL, later, NOW, USER } from './fixtures.ts'
import { MAX_WRONG_TRIES, OneTimeToken, type TokenPurpose } from './one-time-token.ts'

const issue = (purpose: TokenPurpose = 'verify_email') =>
  OneTimeToken.issue(
    {
      id: 'ott_01950000-0000-7000-8000-000000000001',
      userId: USER,
      purpose,
      email: EMAIL,
      tokenHash: 'good',
    },
    NOW,
  )

const guess = (token: OneTimeToken, times: number) =>
  Array.from({ length: times }, () => token.redeem('bad', 'verify_email', NOW))

describe('a one-time token', () => {
  test('is accepted once', () => {
    const token = issue()
    expect(token.redeem('good', 'verify_email', later(1))).toBe('accepted')
    expect(token.state).toMatchObject({ status: 'USED', usedAt: later(1), email: EMAIL })
    expect(token.redeem('good', 'verify_email', later(2))).toBe('used')
  })

  test.each([
    ['verify_email', 24],
    ['reset_password', 1],
  ] as const)('for %s is good for %d hours', (purpose, hours) => {
    expect(issue(purpose).redeem('good', purpose, later(hours * HOUR - 1))).toBe('accepted')
    expect(issue(purpose).redeem('good', purpose, later(hours * HOUR))).toBe('expired')
  })

  test('that is withdrawn is used, and one that is locked stays so', () => {
    const token = issue()
    token.withdraw(later(1))
    expect(token.redeem('good', 'verify_email', later(2))).toBe('used')
    const locked = issue()
    guess(locked, MAX_WRONG_TRIES)
    locked.withdraw(later(1))
    expect(locked.state.status).toBe('LOCKED')
  })

  test('is good for its own purpose only', () => {
    expect(issue().redeem('good', 'reset_password', NOW)).toBe('wrong')
  })

  test('outlives a few wrong tries', () => {
    const token = issue()
    expect(guess(token, MAX_WRONG_TRIES - 1)).toEqual(['wrong', 'wrong', 'wrong', 'wrong'])
    expect(token.redeem('good', 'verify_email', NOW)).toBe('accepted')
  })

  test('is locked by too many, even against the right secret', () => {
    const token = issue()
    expect(guess(token, MAX_WRONG_TRIES).at(-1)).toBe('locked')
    expect(token.redeem('good', 'verify_email', later(1))).toBe('locked')
    expect(token.state).toMatchObject({ status: 'LOCKED', lockedAt: NOW })
  })

  test('keeps no hash once it is used or locked', () => {
    const used = issue()
    used.redeem('good', 'verify_email', NOW)
    const locked = issue()
    guess(locked, MAX_WRONG_TRIES)
    expect(JSON.stringify([used.state, locked.state])).not.toContain('good')
  })
})
