import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { freeSlug, Slug, slugOf } from './slug.ts'

describe('the slug of a title', () => {
  test.each([
    ['Introduction to Programming', 'introduction-to-programming'],
    ['  Über C++ & Go!  ', 'uber-c-plus-plus-and-go'],
    ['C# for Beginners', 'c-sharp-for-beginners'],
    ['Łódź, Ærø & Straße', 'lodz-aero-and-strasse'],
    ['Основы Python', 'основы-python'],
    ['हिन्दी में प्रोग्रामिंग', 'हिन्दी-में-प्रोग्रामिंग'],
    ['日本語 入門', '日本語-入門'],
    ['برمجة الحاسوب', 'برمجة-الحاسوب'],
    ['١٢٣', '١٢٣'],
    ['😀 !!!', 'course'],
    ['', 'course'],
  ])('of %j is %j', (title, slug) => {
    expect(slugOf(title)).toBe(slug)
  })

  test('is a valid slug, whatever the title, and its own slug', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 300 })), (title) => {
        const slug = slugOf(title)
        expect(Slug.safeParse(slug).success).toBe(true)
        expect(slugOf(slug)).toBe(slug)
      }),
      { numRuns: 2000 },
    )
  })

  test('is cut at 80 characters without a hyphen at its end', () => {
    const slug = slugOf(`${'a'.repeat(79)} tail`)
    expect(slug).toBe('a'.repeat(79))
  })
})

describe('a free slug', () => {
  test('is the wanted one where nobody has it', () => {
    expect(freeSlug('algebra', () => false)).toBe('algebra')
  })

  test('counts up past those that are taken', () => {
    const taken = new Set(['algebra', 'algebra-2'])
    expect(freeSlug('algebra', (slug) => taken.has(slug))).toBe('algebra-3')
  })

  test('stays within 80 characters with its suffix', () => {
    const wanted = 'a'.repeat(80)
    expect(freeSlug(wanted, (slug) => slug === wanted)).toBe(`${'a'.repeat(78)}-2`)
  })
})
