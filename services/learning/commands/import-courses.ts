import { z } from 'zod'
import { CourseId } from '#domain/kernel/ids.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { signedIn } from '../signed-in.ts'
import { importBatch } from '../import/import-batch.ts'
import { ImportItem } from '../import/import-item.ts'
import { Courses, ImportOwner, Imports, Slugs, Subjects } from '../ports.ts'

const MAX_ITEMS = 100

const ImportResult = z.object({
  url: z.string(),
  outcome: z.enum(['created', 'unchanged', 'updated', 'refused']),
  courseId: CourseId.optional(),
  code: z.string().optional().describe('Of a refusal.'),
  detail: z.string().optional(),
})

export const ImportCourses = command('learning.import_courses', {
  input: z.strictObject({ items: z.array(ImportItem).min(1).max(MAX_ITEMS) }),
  output: z.object({ results: z.array(ImportResult).describe('One for each item, in the order of the items.') }),
  scope: 'courses:import',
  idempotent: true,
})

export const importCourses = handler(
  ImportCourses,
  { courses: Courses, imports: Imports, slugs: Slugs, subjects: Subjects, owner: ImportOwner },
  async ({ input: { items }, actor, ...context }, { owner, ...stores }) => {
    const ownerId = owner.userId ?? signedIn(actor).userId
    const outcomes = await importBatch(items, ownerId, context, stores)
    return { results: outcomes.map((outcome, at) => ({ url: items[at]?.url ?? '', ...outcome })) }
  },
)

export const importCoursesRoute = route(ImportCourses, {
  method: 'post',
  path: '/v1/course-imports',
  tag: 'Course imports',
  summary: 'Import courses that live elsewhere, from a list',
  description:
    'Each item becomes a published course with one lesson that links out and a free run. Its identity is the address: ' +
    'the same list again changes nothing.',
})
