import { describe, expect, test } from 'vitest'
import { Instant } from './clock.ts'

describe('an instant', () => {
  test.each([
    ['2027-03-01T00:00:00Z', '2027-03-01T00:00:00.000Z'],
    ['2027-03-01T00:00:00.5Z', '2027-03-01T00:00:00.500Z'],
    ['2027-03-01T00:00:00.123456Z', '2027-03-01T00:00:00.123Z'],
    ['2027-03-01T00:00:00.123Z', '2027-03-01T00:00:00.123Z'],
  ])('of any precision has milliseconds once it is parsed, which sorts: %s was refused', (written, parsed) => {
    expect(Instant.parse(written)).toBe(parsed)
  })

  test.each(['tomorrow', '2027-02-30T00:00:00Z', '2027-03-01', '2027-03-01T00:00:00+01:00', '2027-03-01T00:00:00'])(
    'is in UTC and on the calendar: %s is not one, and the answer shows what is',
    (written) => {
      const { error } = Instant.safeParse(written)
      expect(error?.issues.map(({ message }) => message)).toEqual([
        'Must be an instant in UTC, such as 2026-11-23T06:12:38.123Z.',
      ])
    },
  )
})
