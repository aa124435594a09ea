import { describe, expect, test } from 'vitest'
import { newSubjects } from './new-subjects.ts'

const heading = (slug: string, parent?: string) => ({
  slug,
  name: slug.toUpperCase(),
  ...(parent !== undefined && { parent: { slug: parent, name: parent.toUpperCase() } }),
})
const tree = (...args: Parameters<typeof newSubjects>) => newSubjects(...args).map(({ slug, parent }) => [slug, parent])

describe('the subjects that a list adds', () => {
  test('are the unknown ones, parents before their children', () => {
    expect(
      tree([heading('vue', 'javascript'), heading('javascript', 'programming')], new Set(['programming'])),
    ).toEqual([
      ['javascript', 'programming'],
      ['vue', 'javascript'],
    ])
  })

  test('keep the first of two parents', () => {
    expect(tree([heading('a', 'x'), heading('a', 'y')], new Set(['x', 'y']))).toEqual([['a', 'x']])
  })

  test('are none when all are known, whatever parent they come with', () => {
    expect(tree([heading('a', 'b'), heading('b', 'a')], new Set(['a', 'b']))).toEqual([])
  })

  test('stand in no circle', () => {
    expect(tree([heading('a', 'b'), heading('b', 'c'), heading('c', 'a'), heading('d', 'd')], new Set())).toEqual([
      ['c', null],
      ['b', 'c'],
      ['a', 'b'],
      ['d', null],
    ])
  })
})
