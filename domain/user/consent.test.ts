import { describe, expect, test } from 'vitest'
import { Consent } from './consent.ts'
import { ConsentNotWithdrawable } from './errors.ts'
import { later, NOW, USER } from './fixtures.ts'

const word = { userId: USER, purpose: 'analytics', given: true, documentVersion: '2026-01', recordedAt: NOW } as const
const needed = { ...word, purpose: 'terms' } as const

describe('a consent', () => {
  test('is the last word about its purpose', () => {
    const consent = Consent.restore(word, 1)
    consent.record({ given: false, documentVersion: '2026-02' }, later(1))
    expect(consent.state).toMatchObject({ given: false, documentVersion: '2026-02', recordedAt: later(1) })
  })

  test('that is given again to the same text keeps its date', () => {
    const consent = Consent.restore(word, 1)
    const before = consent.state
    consent.record({ given: true, documentVersion: '2026-01' }, later(1))
    expect(consent.state).toBe(before)
  })

  test('that an account needs ends with the account', () => {
    const refusal = ConsentNotWithdrawable('terms')
    expect(() => Consent.first({ ...needed, given: false })).toThrow(refusal)
    expect(() => Consent.restore(needed, 1).record({ given: false, documentVersion: '2026-01' }, NOW)).toThrow(refusal)
  })
})
