import { expect, test } from 'vitest'
import { courseView } from '#edge/read-models/testing/course-view.ts'
import { snapshotOf } from '../testing/snapshot.ts'
import { suggestions } from './suggestions.ts'

const snapshot = snapshotOf([
  courseView(1, { title: 'Algebra for all' }),
  courseView(2, { title: 'Advanced algorithms' }),
  courseView(3, { title: 'Cooking', subject: { slug: 'cooking', name: 'Cooking' } }),
])

test('offers the subject before the titles, each once', () => {
  expect(suggestions(snapshot, 'alg', 10)).toEqual([
    { kind: 'subject', text: 'Algebra', value: 'algebra' },
    { kind: 'course', text: 'Advanced algorithms', value: 'course-2' },
    { kind: 'course', text: 'Algebra for all', value: 'course-1' },
  ])
})

test('offers tutors by the beginning of a name', () => {
  expect(suggestions(snapshot, 'byr', 10)).toEqual([
    { kind: 'tutor', text: 'Ada Byron', value: courseView(1).tutor.id },
  ])
})

test('keeps to the limit', () => {
  expect(suggestions(snapshot, 'a', 2)).toHaveLength(2)
})
