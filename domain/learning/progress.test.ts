import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addMs } from '../kernel/clock.ts'
import { DomainError, type DeclaredError } from '../kernel/errors.ts'
import type { Lesson, Section } from './curriculum.ts'
import { LessonGated, LessonNotFound, QuizNotPassed } from './errors.ts'
import { exampleIds, exampleLearner, NOW } from './examples.ts'
import { Progress } from './progress.ts'

const lesson = (changes: Partial<Lesson> = {}): Lesson => ({
  id: exampleIds.next('les'),
  title: 'A lesson',
  content: { kind: 'markdown', markdown: 'Text.' },
  ...changes,
})
const section = (...lessons: Lesson[]): Section => ({ id: exampleIds.next('sec'), title: 'A section', lessons })
const begun = (): Progress =>
  Progress.begin({ id: exampleIds.next('enr'), courseId: exampleIds.next('crs'), studentId: exampleLearner })

const expectRefusal = (error: DeclaredError, act: () => void): void => {
  expect(act).toThrow(DomainError)
  expect(act).toThrow(expect.objectContaining({ code: error.code }))
}

const refusalOf = (act: () => void): string | undefined => {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof DomainError) return error.code
    throw error
  }
}

describe('completing a lesson', () => {
  const [first, second, third] = [lesson(), lesson(), lesson()]
  const sections = [section(first, second), section(third)]

  test('tells how far the learner is, rounded down', () => {
    const progress = begun()
    progress.complete(first.id, sections, NOW)
    progress.complete(third.id, sections, NOW)
    expect(progress.events.map(({ data }) => data)).toMatchObject([
      { lessonId: first.id, studentId: exampleLearner, progressPct: 33 },
      { lessonId: third.id, progressPct: 66 },
    ])
    expect(progress.state.finishedAt).toBeUndefined()
  })

  test('again changes nothing, and keeps when it was', () => {
    const progress = begun()
    progress.complete(first.id, sections, NOW)
    progress.complete(first.id, sections, addMs(NOW, 1))
    expect(progress.state.completed).toEqual([{ lessonId: first.id, completedAt: NOW }])
    expect(progress.events).toHaveLength(1)
  })

  test('adds to what was stored', () => {
    const progress = begun()
    progress.complete(first.id, sections, NOW)
    expect(progress.added).toEqual(progress.state.completed)
    const stored = Progress.restore(progress.state, 1)
    stored.complete(first.id, sections, NOW)
    expect(stored.added).toEqual([])
    stored.complete(third.id, sections, addMs(NOW, 1))
    expect(stored.added).toEqual([{ lessonId: third.id, completedAt: addMs(NOW, 1) }])
  })

  test('of another course is refused', () => {
    expectRefusal(LessonNotFound, () => begun().complete(lesson().id, sections, NOW))
  })

  test('finishes with the last one, once', () => {
    const progress = begun()
    for (const { id } of [third, second, first]) progress.complete(id, sections, NOW)
    expect(progress.state.finishedAt).toBe(NOW)
    progress.complete(first.id, sections, addMs(NOW, 1))
    expect(progress.state.finishedAt).toBe(NOW)
  })
})

describe('a gated lesson', () => {
  const [first, extra, gated] = [lesson(), lesson({ optional: true }), lesson({ gated: true })]
  const sections = [section(first, extra), section(gated)]

  test('opens once the required lessons before it are completed', () => {
    const progress = begun()
    expectRefusal(LessonGated, () => progress.complete(gated.id, sections, NOW))
    expect(progress.state.completed).toEqual([])
    progress.complete(first.id, sections, NOW)
    progress.complete(gated.id, sections, NOW)
    expect(progress.state.finishedAt).toBe(NOW)
  })
})

describe('a lesson with a quiz', () => {
  test('is completed once the quiz is passed, and stays it whatever becomes of the quiz', () => {
    const [only] = [lesson()]
    const progress = begun()
    expectRefusal(QuizNotPassed, () => progress.complete(only.id, [section(only)], NOW, 'open'))
    expect(progress.state.completed).toEqual([])
    progress.complete(only.id, [section(only)], NOW, 'passed')
    progress.complete(only.id, [section(only)], addMs(NOW, 1), 'open')
    expect(progress.state.completed).toEqual([{ lessonId: only.id, completedAt: NOW }])
  })
})

describe('an optional lesson', () => {
  test('counts for nothing where others are required', () => {
    const [required, extra] = [lesson(), lesson({ optional: true })]
    const progress = begun()
    progress.complete(extra.id, [section(required, extra)], NOW)
    expect(progress.events[0]?.data).toMatchObject({ progressPct: 0 })
  })

  test('counts where all are', () => {
    const [first, second] = [lesson({ optional: true }), lesson({ optional: true })]
    const progress = begun()
    progress.complete(first.id, [section(first, second)], NOW)
    expect(progress.percentOf([section(first, second)])).toBe(50)
  })
})

describe('what is published later', () => {
  const [first, second] = [lesson(), lesson()]

  test('counts for whoever has not finished', () => {
    const progress = begun()
    progress.complete(first.id, [section(first, lesson())], NOW)
    expect(progress.percentOf([section(first, second, lesson(), lesson())])).toBe(25)
  })

  test('takes nothing from whoever has', () => {
    const progress = begun()
    progress.complete(first.id, [section(first)], NOW)
    expect(progress.percentOf([section(first, second)])).toBe(100)
  })

  test('without the lesson that was missing finishes with the next word about any of them', () => {
    const progress = begun()
    progress.complete(first.id, [section(first, second)], NOW)
    progress.complete(first.id, [section(first)], addMs(NOW, 1))
    expect(progress.state.finishedAt).toBe(addMs(NOW, 1))
  })
})

test('progress never goes back, in whatever order and how often lessons are completed', () => {
  const lessons = Array.from({ length: 6 }, (_, at) => lesson({ gated: at % 3 === 2, optional: at === 4 }))
  const sections = [section(...lessons.slice(0, 3)), section(...lessons.slice(3))]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...lessons), { maxLength: 30 }), (steps) => {
      const progress = begun()
      let percent = 0
      for (const { id } of steps) {
        const before = progress.state.completed
        const refusal = refusalOf(() => progress.complete(id, sections, NOW))
        expect([undefined, 'LESSON_GATED']).toContain(refusal)
        expect(progress.state.completed.slice(0, before.length)).toEqual(before)
        expect(progress.percentOf(sections)).toBeGreaterThanOrEqual(percent)
        percent = progress.percentOf(sections)
      }
      const done = new Set(progress.state.completed.map(({ lessonId }) => lessonId))
      expect(done.size).toBe(progress.state.completed.length)
      const required = lessons.filter(({ optional }) => !optional)
      expect(progress.state.finishedAt !== undefined).toBe(required.every(({ id }) => done.has(id)))
      expect(percent === 100).toBe(progress.state.finishedAt !== undefined)
    }),
  )
})
