import { describe, expect, test } from 'vitest'
import { InvalidInput } from '#bus/cqrs/errors.ts'
import { createCursors, readPage } from './cursors.ts'

const cursors = createCursors('a secret of at least 32 characters')
const refused = (list: string, cursor: string): unknown => {
  try {
    return cursors.decode(list, cursor)
  } catch (error) {
    return InvalidInput.is(error)
  }
}

describe('a cursor', () => {
  const cursor = cursors.encode('courses', ['2026-01-01', 'crs_1'])

  test('gives its place back to its own list only', () => {
    expect(cursors.decode('courses', cursor)).toEqual(['2026-01-01', 'crs_1'])
    expect(refused('courses of somebody else', cursor)).toBe(true)
  })

  test('is refused when it was changed, cut, made up or signed with another secret', () => {
    const [payload = '', signature = ''] = cursor.split('.')
    const foreign = createCursors('another secret of 32 characters..').encode('courses', ['2026-01-01', 'crs_1'])
    const changed = Buffer.from(payload, 'base64url').toString().replace('crs_1', 'crs_2')
    const texts = [`${Buffer.from(changed).toString('base64url')}.${signature}`, payload, 'x', '.', foreign, '']
    for (const text of texts) expect(refused('courses', text), text).toBe(true)
  })
})

describe('a page', () => {
  const rows = ['a', 'b', 'c', 'd', 'e']
  const read = async ([after = '']: readonly string[], limit: number) =>
    rows.filter((row) => row > after).slice(0, limit)
  const pageAfter = (cursor: string | undefined) =>
    readPage(cursors, { list: 'letters', cursor, limit: 2 }, read, (row) => [row])

  test('leads to the next one until the last, which names none', async () => {
    const first = await pageAfter(undefined)
    const second = await pageAfter(first.nextCursor)
    const third = await pageAfter(second.nextCursor)
    expect([first.items, second.items, third.items]).toEqual([['a', 'b'], ['c', 'd'], ['e']])
    expect(third.nextCursor).toBeUndefined()
  })

  test('that ends with the last row names no next one', async () => {
    const page = await readPage(cursors, { list: 'letters', cursor: undefined, limit: 5 }, read, (row) => [row])
    expect(page).toEqual({ items: rows, nextCursor: undefined })
  })
})
