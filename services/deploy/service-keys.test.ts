import { generateKeyPairSync } from 'node:crypto'
import { createServiceKeys } from '#bus/request-reply/testing/service-keys.ts'
import { expect, test } from 'vitest'
import { publicKeyOf } from './service-keys.ts'

const keys = createServiceKeys('user')
const privateKey = keys.privateKeyOf('user')
const rsa = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

test('a public key is that of the private key, whose line breaks may be written out', () => {
  expect(publicKeyOf('UserServiceKey', privateKey)).toBe(keys.publicKeys['user'])
  expect(publicKeyOf('UserServiceKey', privateKey.trim().replaceAll('\n', '\\n'))).toBe(keys.publicKeys['user'])
})

test.each([
  ['nothing that is a key', 'hunter2'],
  ['a key for other signatures', rsa.privateKey],
  ['a public key', String(keys.publicKeys['user'])],
])('a secret with %s is refused by its name, without its value', (_, value) => {
  expect(() => publicKeyOf('UserServiceKey', value)).toThrow('UserServiceKey is no Ed25519 private key.')
  expect(() => publicKeyOf('UserServiceKey', value)).not.toThrow(value)
})
