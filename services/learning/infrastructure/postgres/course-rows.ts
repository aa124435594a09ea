import type { InferSelectModel } from 'drizzle-orm'
import { Course, type CourseState } from '#domain/learning/course.ts'
import type { CourseDetails, DraftDetails } from '#domain/learning/course-details.ts'
import type { courses } from './schema.ts'

/** One row with the slugs that its course was public under. */
export type CourseRow = Omit<InferSelectModel<typeof courses>, 'updatedAt'> & {
  readonly formerSlugs: readonly string[]
}

type DetailColumns = Pick<
  CourseRow,
  'title' | 'summary' | 'description' | 'subject' | 'language' | 'level' | 'externalUrl'
>

/** Fields that may be missing are absent, not null. */
export const detailsOf = (row: DetailColumns): DraftDetails => ({
  title: row.title ?? undefined,
  summary: row.summary ?? undefined,
  description: row.description ?? undefined,
  subject: row.subject ?? undefined,
  language: row.language,
  level: row.level ?? undefined,
  externalUrl: row.externalUrl ?? undefined,
})

const incomplete = (row: CourseRow): Error => new Error(`${row.id} is ${row.status} and lacks what that takes.`)

const publicDetails = (row: CourseRow): CourseDetails => {
  const { title, subject } = row
  if (title === null || subject === null) throw incomplete(row)
  return { ...detailsOf(row), title, subject }
}

const stateOf = (row: CourseRow): CourseState => {
  const { id, tutorId, slug, formerSlugs, createdAt, publishedAt, archivedAt } = row
  const identity = { id, tutorId, slug, formerSlugs, createdAt }
  if (row.status === 'DRAFT') return { ...identity, status: row.status, details: detailsOf(row) }
  if (publishedAt === null) throw incomplete(row)
  const details = publicDetails(row)
  if (row.status === 'PUBLISHED') return { ...identity, status: row.status, details, publishedAt }
  if (archivedAt === null) throw incomplete(row)
  return { ...identity, status: row.status, details, publishedAt, archivedAt }
}

export const courseOf = (row: CourseRow): Course => Course.restore(stateOf(row), row.version)

const NO_DETAILS = { title: null, summary: null, description: null, subject: null, level: null, externalUrl: null }

/** The values of a course's row, for the write templates. */
export const courseValues = ({ state }: Course): Record<string, unknown> => ({
  ...NO_DETAILS,
  ...state.details,
  id: state.id,
  tutorId: state.tutorId,
  slug: state.slug,
  status: state.status,
  createdAt: state.createdAt,
  publishedAt: state.status === 'DRAFT' ? undefined : state.publishedAt,
  archivedAt: state.status === 'ARCHIVED' ? state.archivedAt : undefined,
})
