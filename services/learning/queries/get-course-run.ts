import { z } from 'zod'
import { CourseRunId } from '#domain/kernel/ids.ts'
import { RunNotFound } from '#domain/learning/errors.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { viewerOf } from '../authorship.ts'
import { CourseRunQueries } from '../ports.ts'
import { CourseRunResource } from '../resources.ts'

export const GetCourseRun = query('learning.get_course_run', {
  input: z.strictObject({ courseRunId: CourseRunId }),
  output: CourseRunResource,
  errors: [RunNotFound],
  scope: 'courses:read',
})

export const getCourseRun = queryHandler(
  GetCourseRun,
  { runs: CourseRunQueries },
  async ({ input: { courseRunId }, actor }, { runs }) => {
    const run = await runs.run(courseRunId, viewerOf(actor))
    if (!run) throw RunNotFound(courseRunId)
    return run
  },
)

export const getCourseRunRoute = route(GetCourseRun, {
  method: 'get',
  path: '/v1/course-runs/{courseRunId}',
  tag: 'Course runs',
  summary: 'Get the terms of a run of one’s own course',
})
