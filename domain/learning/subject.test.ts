import { describe, expect, test } from 'vitest'
import { Slug } from './slug.ts'
import { SUBJECTS, SubjectSlug } from './subject.ts'

describe('the tree of subjects', () => {
  test('names every subject once, by a slug, under a parent that exists', () => {
    const slugs = SUBJECTS.map(({ slug }) => slug)
    expect(new Set(slugs).size).toBe(slugs.length)
    for (const { slug, parent } of SUBJECTS) {
      expect(Slug.safeParse(slug).success).toBe(true)
      expect([...slugs, null]).toContain(parent)
    }
  })

  test.each(['algebra', 'c-sharp', 'یادگیری-ماشین', 'आलेख', '3d'])('%s is a slug', (slug) => {
    expect(SubjectSlug.safeParse(slug).success).toBe(true)
  })

  test.each(['', '-a', 'a-', 'a--b', 'a b', 'a/b', 'a'.repeat(81)])('%s is none', (slug) => {
    expect(SubjectSlug.safeParse(slug).success).toBe(false)
  })
})
