import { describe, expect, test } from 'vitest'
import { createRefreshTokens } from './refresh-tokens.ts'

const SESSION = 'ses_01950000-0000-7000-8000-000000000001'
const tokens = createRefreshTokens('s'.repeat(32))

describe('a refresh token', () => {
  test('names its session and is known by its hash', () => {
    const first = tokens.first(SESSION)
    expect(first.text).toMatch(new RegExp(`^${SESSION}~[\\w-]{43}$`))
    expect(tokens.read(first.text)?.presented).toEqual(first)
  })

  test('is another one at each login', () => {
    expect(tokens.first(SESSION).text).not.toBe(tokens.first(SESSION).text)
  })

  test('has one successor, which only the key tells', () => {
    const { text } = tokens.first(SESSION)
    const next = tokens.read(text)?.next
    expect(tokens.read(text)?.next).toEqual(next)
    expect(createRefreshTokens('t'.repeat(32)).read(text)?.next).not.toEqual(next)
  })

  test.each([
    '',
    '~',
    SESSION,
    `${SESSION}~`,
    `ses_1~abc`,
    `${SESSION}~a~b`,
    'usr_01950000-0000-7000-8000-000000000001~a',
  ])('is not %j', (text) => {
    expect(tokens.read(text)).toBeUndefined()
  })
})
