import { deriveToken, hashToken, newOpaqueToken } from '#services/kit/auth/opaque-tokens.ts'
import { expect, test } from 'vitest'

test('a new token has 256 bits and never comes twice', () => {
  const tokens = Array.from({ length: 100 }, newOpaqueToken)
  for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/)
  expect(new Set(tokens).size).toBe(100)
})

test('a hash is the SHA-256 of the token', () => {
  expect(hashToken('abc')).toBe(
    Buffer.from('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 'hex').toString('base64url'),
  )
})

test('a derived token depends on the key, the purpose and the material, and on nothing else', () => {
  const token = deriveToken('key', 'refresh', 'first')
  expect(deriveToken('key', 'refresh', 'first')).toBe(token)
  const others = [
    deriveToken('other', 'refresh', 'first'),
    deriveToken('key', 'verify_email', 'first'),
    deriveToken('key', 'refresh', 'second'),
    deriveToken('key', 'refres', 'hfirst'),
  ]
  expect(others).not.toContain(token)
})
