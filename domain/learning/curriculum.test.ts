import { describe, expect, test } from 'vitest'
import { Curriculum, OutlineDraft, Sections } from './curriculum.ts'
import { CurriculumInvalid } from './errors.ts'
import { exampleCurriculum, exampleDraft, exampleIds, exampleOutline } from './examples.ts'

const refusal = (curriculum: Curriculum, outline: OutlineDraft): readonly string[] => {
  try {
    curriculum.put(outline, exampleIds)
  } catch (error) {
    if (CurriculumInvalid.is(error)) return error.fields.map(({ pointer }) => pointer)
    throw error
  }
  return []
}

describe('putting a curriculum', () => {
  test('gives an id to every new part and keeps the order', () => {
    const curriculum = exampleCurriculum(exampleDraft())
    expect(Sections.safeParse(curriculum.state.sections).success).toBe(true)
    expect(curriculum.state.sections[0]?.lessons.map(({ title }) => title)).toEqual(['Arrows', 'Sums'])
    expect(curriculum.lessonCount).toBe(2)
  })

  test('keeps the ids of parts that move', () => {
    const curriculum = exampleCurriculum(exampleDraft())
    const before = curriculum.state.sections
    const moved = before.map((section) => ({ ...section, lessons: section.lessons.toReversed() }))
    curriculum.put(moved, exampleIds)
    expect(curriculum.state.sections).toEqual(moved)
  })

  test('refuses an id that stands in it twice', () => {
    const curriculum = exampleCurriculum(exampleDraft())
    const [section] = curriculum.state.sections
    const lesson = section?.lessons[0]
    const twice = [{ title: 'Twice', lessons: lesson ? [lesson, lesson] : [] }]
    expect(refusal(curriculum, twice)).toEqual(['/sections/0/lessons/1/id'])
  })

  test('refuses the id of a part of another course', () => {
    const foreign = exampleCurriculum(exampleDraft()).state.sections
    expect(refusal(Curriculum.empty(exampleIds.next('crs')), [...foreign])).toEqual([
      '/sections/0/id',
      '/sections/0/lessons/0/id',
      '/sections/0/lessons/1/id',
    ])
  })

  test('takes at most a thousand lessons', () => {
    const section = { title: 'Long', lessons: Array.from({ length: 200 }, () => lessonOf('Next')) }
    const outline = [section, section, section, section, section, { title: 'Last', lessons: [lessonOf('One more')] }]
    expect(refusal(Curriculum.empty(exampleIds.next('crs')), outline)).toEqual(['/sections'])
  })
})

const lessonOf = (title: string): OutlineDraft[number]['lessons'][number] => ({
  title,
  content: { kind: 'markdown', markdown: 'Text' },
})

describe('what an author sends', () => {
  test.each([
    ['an unknown key', [{ title: 'A', lessons: [], colour: 'red' }]],
    [
      'a script address',
      [{ title: 'A', lessons: [{ title: 'B', content: { kind: 'external', url: 'javascript:1' } }] }],
    ],
    ['a control character', [{ title: 'A\u0000', lessons: [] }]],
    ['a lesson without content', [{ title: 'A', lessons: [{ title: 'B' }] }]],
  ])('may not hold %s', (_what, outline) => {
    expect(OutlineDraft.safeParse(outline).success).toBe(false)
  })

  test('may hold text of several lines', () => {
    const outline = [
      { title: 'A', lessons: [{ title: 'B', content: { kind: 'markdown', markdown: '# One\n\ttwo\r\n' } }] },
    ]
    expect(OutlineDraft.safeParse(outline).success).toBe(true)
  })
})

describe('publishing a curriculum', () => {
  test('freezes what learners see until the next revision', () => {
    const curriculum = exampleCurriculum(exampleDraft())
    curriculum.publish()
    const first = curriculum.state.published
    curriculum.put([...exampleOutline, { title: 'Matrices', lessons: [] }], exampleIds)
    expect(curriculum.state.published).toBe(first)
    curriculum.publish()
    expect(curriculum.state.published).toEqual({ revision: 2, sections: curriculum.state.sections })
  })

  test('again without a change stays at its revision', () => {
    const curriculum = exampleCurriculum(exampleDraft())
    curriculum.publish()
    curriculum.publish()
    expect(curriculum.state.published?.revision).toBe(1)
  })
})
