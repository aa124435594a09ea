import { expect, test } from 'vitest'
import { PasswordRejected } from './errors.ts'
import { EMAIL } from './fixtures.ts'
import { requireGoodPassword } from './password.ts'

test.each([8, 128])('a password of %i characters is taken', (length) => {
  expect(() => requireGoodPassword('x'.repeat(length), EMAIL)).not.toThrow()
})

test.each([
  [7, 'Use at least 8 characters.'],
  [129, 'Use at most 128 characters.'],
])('a password of %i characters is refused', (length, detail) => {
  expect(() => requireGoodPassword('x'.repeat(length), EMAIL)).toThrow(PasswordRejected(detail))
})

test('the e-mail address is no password, in any case', () => {
  expect(() => requireGoodPassword('Ada@Example.com', EMAIL)).toThrow(
    PasswordRejected('The password must differ from the e-mail address.'),
  )
})

test('the refusal points at the field', () => {
  expect(PasswordRejected('Too short.').fields).toEqual([{ pointer: '/password', detail: 'Too short.' }])
})
