import type { Database } from '#bus/postgres/database.ts'
import { z } from 'zod'
import { CourseId, UserId } from '#domain/kernel/ids.ts'
import { summaryOf } from '#domain/review/rating.ts'
import { Histogram } from '#domain/review/values.ts'
import { CourseView } from '#edge/read-models/course-view.ts'
import type { CatalogTables, UnnamedCourseView } from '../../ports.ts'
import { REVISION, REVISIONS, SUBJECTS, VIEW } from './catalog-statements.ts'

const optional = <T extends z.ZodType>(schema: T) => schema.nullable().transform((value) => value ?? undefined)

const Revision = z.object({ id: CourseId, revision: z.int() })

const { tutor: _, summary, description, level, rating: __, ...required } = CourseView.shape
const View = z.object({
  ...required,
  summary: optional(summary.unwrap()),
  description: optional(description.unwrap()),
  level: optional(level.unwrap()),
  histogram: optional(Histogram),
  tutorId: UserId,
  tutorName: optional(z.object({ name: z.string(), slug: optional(z.string()) })),
})

const viewOf = ({ histogram, ...view }: z.infer<typeof View>): UnnamedCourseView => {
  const rating = histogram && summaryOf(histogram)
  return rating && rating.count > 0 ? { ...view, rating } : view
}

const Subject = z.object({ slug: z.string(), name: z.string(), parent: optional(z.string()) })

export const createPostgresCatalogTables = (database: Database): CatalogTables => ({
  revisions: async () => {
    const rows = z.array(Revision).parse(await database.run(REVISIONS, []))
    return new Map(rows.map(({ id, revision }) => [id, revision]))
  },
  revision: async (courseId) => {
    const [row] = await database.run(REVISION, [courseId])
    return row && Revision.parse(row).revision
  },
  view: async (courseId) => {
    const [row] = await database.run(VIEW, [courseId])
    return row && viewOf(View.parse(row['view']))
  },
  subjects: async () => {
    const subjects = z.array(Subject).parse(await database.run(SUBJECTS, []))
    // Subjects are only ever added, so that their number is their revision.
    return { revision: subjects.length, subjects }
  },
})
