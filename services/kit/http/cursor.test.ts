import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCursors, filterHash, InvalidCursor } from './cursor.ts'
import { cutPage, PageQuery } from './page.ts'

const cursors = createCursors('a-secret-of-at-least-32-characters')
const hash = filterHash({ subject: 'maths' })
const position = { sort: 'Emma', id: 'crs_1' }
const cursor = cursors.encode({ ...position, filterHash: hash })

describe('a cursor', () => {
  test('comes back as it was', () => {
    const sort = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.constant(null))
    fc.assert(
      fc.property(sort, fc.string(), (key, id) => {
        const text = cursors.encode({ sort: key, id, filterHash: hash })
        expect(text).toMatch(/^[\w.-]+$/)
        expect(cursors.decode(text, hash)).toEqual({ sort: key, id })
      }),
    )
  })

  test.each([
    ['of other filters', cursor, filterHash({ subject: 'art' })],
    [
      'of another secret',
      createCursors('another-secret-of-32-characters!!').encode({ ...position, filterHash: hash }),
      hash,
    ],
    ['without a signature', cursor.split('.')[0] ?? '', hash],
    ['with more behind it', `${cursor}.x`, hash],
    ['that is empty', '', hash],
    ['that is anything', 'bm90IG91cnM.AAAAAAAAAAAAAAAAAAAAAA', hash],
  ])('%s is refused', (_name, text, of) => {
    expect(() => cursors.decode(text, of)).toThrow(InvalidCursor())
  })

  test('with any character changed is refused', () => {
    const last = cursor.length - 1
    // The last character of base64url carries unused bits; it alone may change without changing the bytes.
    for (let index = 0; index < last; index++) {
      const changed = cursor.slice(0, index) + (cursor[index] === 'A' ? 'B' : 'A') + cursor.slice(index + 1)
      expect(() => cursors.decode(changed, hash)).toThrow(InvalidCursor())
    }
  })

  test('needs a secret that cannot be guessed', () => {
    expect(() => createCursors('short')).toThrow('help:')
  })
})

describe('a filter hash', () => {
  test('does not depend on the order of fields or on absent ones', () => {
    expect(filterHash({ b: 2, a: 1, c: undefined })).toBe(filterHash({ a: 1, b: 2 }))
    expect(filterHash({ a: '1' })).not.toBe(filterHash({ a: 1 }))
  })
})

describe('a page', () => {
  test('has 20 items unless asked for up to 100', () => {
    expect(PageQuery.parse({})).toEqual({ limit: 20 })
    expect([0, 101, 1.5].map((limit) => PageQuery.safeParse({ limit }).success)).toEqual([false, false, false])
  })

  test('has a next cursor only when a row too many was read', () => {
    expect(cutPage([1, 2, 3], 2, String)).toEqual({ items: [1, 2], nextCursor: '2' })
    expect(cutPage([1, 2], 2, String)).toEqual({ items: [1, 2] })
  })
})
