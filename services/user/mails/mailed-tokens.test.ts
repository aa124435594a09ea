import { describe, expect, test } from 'vitest'
import { createMailedTokens } from './mailed-tokens.ts'

const tokens = createMailedTokens('s'.repeat(32))

describe('a mailed token', () => {
  test('is the same for a message that comes again, and another one for another message', () => {
    expect(tokens.derive('msg_1')).toEqual(tokens.derive('msg_1'))
    expect(tokens.derive('msg_1').text).not.toBe(tokens.derive('msg_2').text)
  })

  test('is read back as its id and hash', () => {
    const { id, text, hash } = tokens.derive('msg_1')
    expect(tokens.read(text)).toEqual({ id, hash })
  })

  test('cannot be made without the key', () => {
    const { id, hash } = tokens.derive('msg_1')
    const forged = createMailedTokens('t'.repeat(32)).derive('msg_1')
    expect(forged.id).toBe(id)
    expect(forged.hash).not.toBe(hash)
  })

  test.each(['', 'ott_1~2', 'x'.repeat(91)])('is not %j', (text) => {
    expect(tokens.read(text)).toBeUndefined()
  })
})
