import { describe, expect, test } from 'vitest'
import { HOUR } from '../kernel/clock.ts'
import { EMAIL, later, NOW, USER } from './fixtures.ts'
import { MAX_WRONG_TRIES, OneTimeToken, TOKEN_HOURS } from './one-time-token.ts'

const issue = () =>
  OneTimeToken.issue(
    {
      id: 'ott_01950000-0000-7000-8000-000000000001',
      userId: USER,
      purpose: 'verify_email',
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

  test('is good for 24 hours', () => {
    expect(issue().redeem('good', 'verify_email', later(TOKEN_HOURS * HOUR - 1))).toBe('accepted')
    expect(issue().redeem('good', 'verify_email', later(24 * HOUR))).toBe('expired')
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
