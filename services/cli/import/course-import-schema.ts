import { z } from 'zod'

// The bodies of POST /v1/course-imports as this client writes and reads them: it is an HTTP client like any other.

export const maxBatchItems = 100

const SubjectName = z.object({ slug: z.string(), name: z.string() })

export const ImportedCourse = z.object({
  url: z.string(),
  title: z.string(),
  language: z.string().meta({ description: 'BCP 47' }),
  subject: SubjectName.extend({ parent: SubjectName.optional() }),
  provider: z.string().optional(),
})
export type ImportedCourse = z.infer<typeof ImportedCourse>

export const CourseImport = z.object({ items: z.array(ImportedCourse).min(1).max(maxBatchItems) })

/** One result per item, in the order of the items. */
export const CourseImportResults = z.object({
  results: z.array(
    z.object({
      url: z.string(),
      outcome: z.enum(['created', 'unchanged', 'updated', 'refused']),
      courseId: z.string().optional(),
      code: z.string().optional(),
      detail: z.string().optional(),
    }),
  ),
})
export type ImportResult = z.infer<typeof CourseImportResults>['results'][number]
