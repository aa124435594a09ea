import type { CatalogSource } from '#edge/read-models/catalog-source.ts'
import type { CatalogTables, UnnamedCourseView } from '../ports.ts'
import type { TutorDirectory } from './tutor-directory.ts'

const named = (view: UnnamedCourseView | undefined) => {
  if (view?.tutorName === undefined) return undefined
  const { tutorId, tutorName, ...rest } = view
  return { ...rest, tutor: { id: tutorId, ...tutorName } }
}

/** The tables with the name of every tutor in place: one that is not known yet is asked for when it is first shown. */
export const withTutorNames = (tables: CatalogTables, tutors: TutorDirectory): CatalogSource => ({
  revisions: tables.revisions,
  subjects: tables.subjects,
  view: async (courseId) => {
    const view = await tables.view(courseId)
    if (view === undefined || view.tutorName !== undefined) return named(view)
    await tutors.learn(view.tutorId)
    return named(await tables.view(courseId))
  },
})
