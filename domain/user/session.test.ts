import { describe, expect, test } from 'vitest'
import { DAY } from '../kernel/clock.ts'
import type { SessionId } from '../kernel/ids.ts'
import { later, NOW, USER } from './fixtures.ts'
import { RETRY_GRACE_MS, SESSION_DAYS, Session } from './session.ts'

const ID: SessionId = 'ses_01950000-0000-7000-8000-000000000001'
const end = later(SESSION_DAYS * DAY)
const start = () => Session.start({ id: ID, userId: USER, tokenHash: 'h1' }, NOW)

describe('a refresh', () => {
  test('exchanges the token for the next one', () => {
    const session = start()
    expect(session.rotate('h1', 'h2', NOW)).toBe('rotated')
    expect(session.rotate('h2', 'h3', NOW)).toBe('rotated')
  })

  test('does not move the end of the session', () => {
    const session = start()
    session.rotate('h1', 'h2', later(DAY))
    expect(session.state.expiresAt).toBe(end)
  })
})

describe('a token that was exchanged already', () => {
  test('ends the family, the newest token included', () => {
    const session = start()
    session.rotate('h1', 'h2', NOW)
    expect(session.rotate('h1', 'hx', later(1))).toBe('reused')
    expect(session.state).toMatchObject({ status: 'REVOKED', reason: 'reuse', revokedAt: later(1) })
    expect(session.rotate('h2', 'h3', later(2))).toBe('revoked')
  })

  test('several exchanges ago ends it as well', () => {
    const session = start()
    session.rotate('h1', 'h2', NOW)
    session.rotate('h2', 'h3', NOW)
    expect(session.rotate('h1', 'h2', NOW)).toBe('reused')
  })

  test('may be retried at once for the same successor, because its reply was lost', () => {
    const session = start()
    session.rotate('h1', 'h2', NOW)
    const before = session.state
    expect(session.rotate('h1', 'h2', later(RETRY_GRACE_MS))).toBe('retried')
    expect(session.state).toBe(before)
  })

  test('is not retried with a token that was never one of the family', () => {
    const session = start()
    session.rotate('h1', 'h2', NOW)
    expect(session.rotate('h0', 'h2', later(1))).toBe('reused')
  })

  test('is reuse after the grace', () => {
    const session = start()
    session.rotate('h1', 'h2', NOW)
    expect(session.rotate('h1', 'h2', later(RETRY_GRACE_MS + 1))).toBe('reused')
  })

  test('is reuse once its successor was exchanged', () => {
    const session = start()
    session.rotate('h1', 'h2', NOW)
    session.rotate('h2', 'h3', later(1))
    expect(session.rotate('h1', 'h2', later(2))).toBe('reused')
  })
})

describe('a session', () => {
  test('is active until it expires', () => {
    expect(start().isActive(later(SESSION_DAYS * DAY - 1))).toBe(true)
    expect(start().isActive(end)).toBe(false)
    expect(start().rotate('h1', 'h2', end)).toBe('expired')
  })

  test('ends when it is revoked, for the first reason given', () => {
    const session = start()
    session.revoke('logout', NOW)
    session.revoke('suspended', later(1))
    expect(session.isActive(NOW)).toBe(false)
    expect(session.state).toMatchObject({ reason: 'logout', revokedAt: NOW })
    expect(session.rotate('h1', 'h2', NOW)).toBe('revoked')
  })

  test('keeps no token once it has ended', () => {
    const session = start()
    session.revoke('logout', NOW)
    expect(JSON.stringify(session.state)).not.toContain('h1')
  })
})
