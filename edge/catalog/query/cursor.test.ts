import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Cursors } from './cursor.ts'

const cursors = new Cursors('a secret of the edge')
const part = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.constant('入门'))
const positions = fc.record({ key: fc.array(part, { maxLength: 3 }), id: fc.string() })

test('a cursor comes back as the position it stands for', async () => {
  await fc.assert(
    fc.asyncProperty(positions, fc.string(), async (position, scope) => {
      expect(await cursors.decode(await cursors.encode(position, scope), scope)).toEqual(position)
    }),
  )
})

test('a cursor is refused with other filters or another sort', async () => {
  const cursor = await cursors.encode({ key: [1], id: 'a' }, 'level=a&sort=newest')
  await expect(cursors.decode(cursor, 'level=b&sort=newest')).rejects.toMatchObject({
    status: 400,
    code: 'INVALID_CURSOR',
    errors: [{ parameter: 'cursor', detail: expect.stringContaining('other filters') }],
  })
})

test('a cursor of another secret, or changed in any place, is refused', async () => {
  const cursor = await cursors.encode({ key: [1, 'title'], id: 'crs_1' }, 'sort=newest')
  await expect(new Cursors('another secret').decode(cursor, 'sort=newest')).rejects.toMatchObject({ status: 400 })
  for (const place of cursor.split('').keys()) {
    const other = cursor[place] === 'Q' ? 'w' : 'Q'
    const forged = cursor.slice(0, place) + other + cursor.slice(place + 1)
    // The last letter of base64 holds two bits that mean nothing: the same cursor in other words.
    if (place === cursor.length - 1 || cursor[place + 1] === '.') continue
    await expect(cursors.decode(forged, 'sort=newest')).rejects.toMatchObject({ status: 400 })
  }
})

test.each(['', '.', 'a', 'a.b', '%', 'bm90IGpzb24.AAAA', '🙂.🙂'])('%j is no cursor', async (text) => {
  await expect(cursors.decode(text, '')).rejects.toMatchObject({ status: 400 })
})
