import { Users } from '#bus/patterns/user.ts'
import { project } from '#bus/messaging/handlers.ts'
import { CatalogProjector, TutorDirectory, TutorNames } from '../ports.ts'

const SHOWN: ReadonlySet<string> = new Set(['displayName', 'slug'])

/** Takes a tutor's new public name over and shows it with all their courses. */
export const renameTutor = project(
  Users.UserProfileUpdated,
  { names: TutorNames, tutors: TutorDirectory, catalog: CatalogProjector },
  async ({ data: { userId, profileVersion, changed }, origin }, { names, tutors, catalog }) => {
    if (!changed.some((field) => SHOWN.has(field)) || !(await names.isTutor(userId))) return
    await tutors.refresh(userId, profileVersion, origin)
    for (const courseId of await names.coursesOf(userId)) await catalog.project(courseId)
  },
)

/** Later than every profile. */
const LAST = 2_147_483_647

/** The name of an erased account is personal data: it goes, from the tables and from the catalog. */
export const forgetTutor = project(
  Users.UserDeleted,
  { names: TutorNames, tutors: TutorDirectory, catalog: CatalogProjector },
  async ({ data: { userId }, origin }, { names, tutors, catalog }) => {
    if (!(await names.isTutor(userId))) return
    await tutors.refresh(userId, LAST, origin)
    for (const courseId of await names.coursesOf(userId)) await catalog.project(courseId)
  },
)
