import { describe, expect, test } from 'vitest'
import { dateProblems } from '#domain/learning/run-terms.ts'
import { SUBJECTS } from '#domain/learning/subject.ts'
import { demoCourses } from './courses.ts'

const NOW = '2026-11-23T08:00:00.000Z'

describe('the demonstration courses', () => {
  test('are the same for the same seed', () => {
    expect(demoCourses(NOW, 7)).toEqual(demoCourses(NOW, 7))
    expect(demoCourses(NOW, 8)).not.toEqual(demoCourses(NOW, 7))
  })

  test('have titles of their own and subjects of the taxonomy', () => {
    const courses = demoCourses(NOW)
    const slugs = new Set<string>(SUBJECTS.map(({ slug }) => slug))
    expect(new Set(courses.map(({ details }) => details.title)).size).toBe(courses.length)
    expect(courses.filter(({ details }) => !slugs.has(details.subject))).toEqual([])
  })

  test('can be enrolled in today', () => {
    for (const { run } of demoCourses(NOW)) {
      expect(dateProblems(run)).toEqual([])
      expect(run.enrollmentOpensAt < NOW && NOW < run.enrollmentClosesAt).toBe(true)
    }
  })
})
