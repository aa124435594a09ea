import { describe, expect, test } from 'vitest'
import { Slug } from './slug.ts'
import { SUBJECTS, SubjectSlug, subjectPath, subjectsUnder } from './subject.ts'

describe('the tree of subjects', () => {
  test('names every subject once, by a slug, under a parent that exists', () => {
    const slugs = SUBJECTS.map(({ slug }) => slug)
    expect(new Set(slugs).size).toBe(slugs.length)
    for (const { slug, parent } of SUBJECTS) {
      expect(Slug.safeParse(slug).success).toBe(true)
      expect([...slugs, null]).toContain(parent)
    }
  })

  test('leads from the broad field down to the subject', () => {
    expect(subjectPath('machine-learning').map(({ slug }) => slug)).toEqual([
      'computing',
      'data-science',
      'machine-learning',
    ])
    expect(subjectPath('alchemy')).toEqual([])
  })

  test('lists what is directly under a field', () => {
    expect(subjectsUnder('mathematics').map(({ slug }) => slug)).toEqual(['algebra', 'calculus', 'statistics'])
    expect(subjectsUnder(null).map(({ slug }) => slug)).toContain('languages')
  })

  test.each(['algebra', 'c-sharp', 'یادگیری-ماشین', 'आलेख', '3d'])('%s is a slug', (slug) => {
    expect(SubjectSlug.safeParse(slug).success).toBe(true)
  })

  test.each(['', '-a', 'a-', 'a--b', 'a b', 'a/b', 'a'.repeat(81)])('%s is none', (slug) => {
    expect(SubjectSlug.safeParse(slug).success).toBe(false)
  })
})
