import { z } from 'zod'
import { SubjectSlug } from '#domain/learning/subject.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { Subjects } from '../ports.ts'

export const ListSubjects = query('learning.list_subjects', {
  input: z.strictObject({}),
  output: z.object({
    items: z.array(z.object({ slug: SubjectSlug, name: z.string(), parent: SubjectSlug.nullable() })),
  }),
  scope: 'public',
})

export const listSubjects = queryHandler(ListSubjects, { subjects: Subjects }, async (_context, { subjects }) => ({
  items: [...(await subjects.all())],
}))

export const listSubjectsRoute = route(ListSubjects, {
  method: 'get',
  path: '/v1/subjects',
  tag: 'Subjects',
  summary: 'List all subjects, each with the one above it',
})
