import { CourseId } from '#domain/kernel/ids.ts'
import { systemIds } from '#services/kit/ids.ts'
import { expect, test } from 'vitest'

test('makes ids that the schema of their prefix accepts', () => {
  const courseId: CourseId = systemIds.next('crs')
  expect(CourseId.parse(courseId)).toBe(courseId)
})

test('makes each id greater than the one before, within a millisecond too', () => {
  const ids = Array.from({ length: 5000 }, () => systemIds.next('crs'))
  expect(ids).toEqual([...new Set(ids)].toSorted())
})
