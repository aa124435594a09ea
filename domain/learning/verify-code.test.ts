import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readVerifyCode, VerifyCode, verifyCodeOf } from './verify-code.ts'

const randomBytes = fc.uint8Array({ minLength: 15, maxLength: 15 })
const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

test('a code is read back however it is written', () => {
  fc.assert(
    fc.property(randomBytes, (bytes) => {
      const code = verifyCodeOf(bytes)
      expect(VerifyCode.parse(code)).toBe(code)
      const written = [
        code,
        code.toLowerCase(),
        code.replaceAll('-', ''),
        code.replaceAll('0', 'o').replaceAll('1', 'l'),
      ]
      expect(written.map(readVerifyCode)).toEqual(written.map(() => code))
    }),
  )
})

test('other bytes make another code', () => {
  fc.assert(
    fc.property(randomBytes, randomBytes, (a, b) => {
      expect(verifyCodeOf(a) === verifyCodeOf(b)).toBe(a.join() === b.join())
    }),
  )
})

test('one wrong symbol is found', () => {
  fc.assert(
    fc.property(randomBytes, fc.nat(24), fc.integer({ min: 1, max: 31 }), (bytes, place, step) => {
      const symbols = [...verifyCodeOf(bytes).replaceAll('-', '')]
      symbols[place] = SYMBOLS.charAt((SYMBOLS.indexOf(symbols[place] ?? '') + step) % 32)
      expect(readVerifyCode(symbols.join(''))).toBeUndefined()
    }),
  )
})

test.each(['', '00000', '0'.repeat(26), 'UUUUU-UUUUU-UUUUU-UUUUU-UUUUU'])('%j is no code', (text) => {
  expect(readVerifyCode(text)).toBeUndefined()
})

test('a code takes fifteen bytes', () => {
  expect(() => verifyCodeOf(new Uint8Array(14))).toThrow(RangeError)
})
