import { expect, test } from 'vitest'
import { toInstant } from './database.ts'

test.each([
  ['2026-11-23 06:12:38.123+00', '2026-11-23T06:12:38.123Z'],
  ['2026-11-23 06:12:38.1+00', '2026-11-23T06:12:38.100Z'],
  ['2026-11-23 06:12:38+00', '2026-11-23T06:12:38.000Z'],
  ['2026-11-23 06:12:38.123456+00', '2026-11-23T06:12:38.123Z'],
  ['2026-11-23 06:12:38.5+05:30', '2026-11-23T00:42:38.500Z'],
  ['0001-01-01 00:00:00+00', '0001-01-01T00:00:00.000Z'],
])('%s is the instant %s', (text, instant) => {
  expect(toInstant(text)).toBe(instant)
})

test('what has no such form is no instant', () => {
  expect(() => toInstant('infinity')).toThrow(RangeError)
})
