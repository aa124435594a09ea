import { describe, expect, test } from 'vitest'
import { addMs, DAY } from '../kernel/clock.ts'
import { accessSince, accessUntil, type Grant, isValidAt, lastEnd, standingUntil, withRevoked } from './grant.ts'
import { NOW } from './examples.ts'

const purchase: Grant = { source: 'purchase', ref: 'p', validFrom: NOW }
const voucher: Grant = { source: 'voucher', ref: 'v', validFrom: NOW, validUntil: addMs(NOW, DAY) }

describe('a grant', () => {
  test('is valid from its first instant until before its last', () => {
    expect(isValidAt(voucher, addMs(NOW, -1))).toBe(false)
    expect(isValidAt(voucher, NOW)).toBe(true)
    expect(isValidAt(voucher, addMs(NOW, DAY))).toBe(false)
  })

  test('is not valid once it is revoked', () => {
    const [revoked] = withRevoked([purchase], purchase, 'refunded', addMs(NOW, 5))
    expect(revoked && isValidAt(revoked, addMs(NOW, 4))).toBe(true)
    expect(revoked && isValidAt(revoked, addMs(NOW, 5))).toBe(false)
  })

  test('that is revoked beforehand is never valid', () => {
    const [revoked] = withRevoked([], purchase, 'refunded', NOW)
    expect(revoked && isValidAt(revoked, NOW)).toBe(false)
  })

  test('keeps its first revocation', () => {
    const once = withRevoked([purchase], purchase, 'refunded', NOW)
    expect(withRevoked(once, purchase, 'refunded', addMs(NOW, DAY))).toEqual(once)
    expect(lastEnd(once)).toBe(NOW)
  })
})

describe('the time that grants stand', () => {
  test('ends with the last of them, and never where one is open-ended', () => {
    expect(standingUntil([voucher, { ...voucher, ref: 'w', validUntil: addMs(NOW, 2 * DAY) }])).toBe(
      addMs(NOW, 2 * DAY),
    )
    expect(standingUntil([voucher, purchase])).toBeUndefined()
    expect(standingUntil([voucher, { ...purchase, revokedAt: NOW }])).toBe(voucher.validUntil)
    expect(standingUntil([{ ...voucher, revokedAt: NOW }])).toBeUndefined()
  })

  test('ended with the last that was revoked or ran out', () => {
    expect(lastEnd([voucher, { ...purchase, revokedAt: NOW }])).toBe(voucher.validUntil)
    expect(
      lastEnd([
        { ...voucher, revokedAt: NOW },
        { ...purchase, revokedAt: addMs(NOW, 5) },
      ]),
    ).toBe(addMs(NOW, 5))
    expect(lastEnd([purchase])).toBeUndefined()
  })
})

describe('access', () => {
  test('begins with the first grant', () => {
    expect(accessSince([voucher, { ...purchase, validFrom: addMs(NOW, -DAY) }])).toBe(addMs(NOW, -DAY))
    expect(accessSince([])).toBeUndefined()
  })

  test('ends with the last grant, and never where one is open-ended', () => {
    const longer: Grant = { ...voucher, ref: 'longer', validUntil: addMs(NOW, 2 * DAY) }
    expect(accessUntil([longer, voucher], NOW)).toBe(addMs(NOW, 2 * DAY))
    expect(accessUntil([voucher, purchase], NOW)).toBeUndefined()
  })
})
