import { z } from 'zod'
import { CourseId } from '#domain/kernel/ids.ts'
import { CourseNotFound } from '#domain/learning/errors.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { viewerOf } from '../authorship.ts'
import { CourseQueries } from '../ports.ts'
import { CurriculumResource } from '../resources.ts'

export const GetCurriculum = query('learning.get_curriculum', {
  input: z.strictObject({ courseId: CourseId }),
  output: CurriculumResource,
  errors: [CourseNotFound],
  scope: 'courses:read',
})

export const getCurriculum = queryHandler(
  GetCurriculum,
  { courses: CourseQueries },
  async ({ input: { courseId }, actor }, { courses }) => {
    const curriculum = await courses.curriculum(courseId, viewerOf(actor))
    if (!curriculum) throw CourseNotFound(courseId)
    return curriculum
  },
)

export const getCurriculumRoute = route(GetCurriculum, {
  method: 'get',
  path: '/v1/courses/{courseId}/curriculum',
  tag: 'Curricula',
  summary: 'Get the sections and lessons of a course as its author edits them',
})
