import { DomainError } from '#domain/kernel/errors.ts'
import type { CourseId, UserId } from '#domain/kernel/ids.ts'
import type { Course } from '#domain/learning/course.ts'
import { slugOf } from '#domain/learning/slug.ts'
import type { CommandContext } from '#bus/cqrs/context.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import { findFreeSlugs } from '../find-free-slug.ts'
import type { CourseRepository, ImportRegistry, SlugRegistry, SubjectRegistry } from '../ports.ts'
import { composeCourse } from './compose-course.ts'
import { type ImportItem, ItemRepeated, type ReadItem, readItem } from './import-item.ts'
import { newSubjects, slugsOf } from './new-subjects.ts'

export type ImportOutcome =
  | { readonly outcome: 'created' | 'updated' | 'unchanged'; readonly courseId: CourseId }
  | { readonly outcome: 'refused'; readonly code: string; readonly detail: string }

export interface ImportStores {
  readonly courses: CourseRepository
  readonly imports: ImportRegistry
  readonly slugs: SlugRegistry
  readonly subjects: SubjectRegistry
}

type Context = Pick<CommandContext<unknown>, 'tx' | 'ids' | 'now'>

/**
 * Reads every item and registers all that it changes as a handful of writes, however many there are. What a rule refuses
 * takes nothing from the rest. Answers in the order of the items.
 */
export const importBatch = async (
  given: readonly ImportItem[],
  ownerId: UserId,
  context: Context,
  stores: ImportStores,
): Promise<ImportOutcome[]> => {
  const read = refuseRepeats(given.map(readItem))
  const items = read.flatMap((item) => (item instanceof DomainError ? [] : [item]))
  await addSubjects(items, context.tx, stores.subjects)
  const known = await knownCourses(items, stores)
  const created = await create(
    items.filter(({ urlKey }) => !known.has(urlKey)),
    ownerId,
    context,
    stores,
  )
  const outcomeOf = (item: ReadItem): ImportOutcome => {
    const course = known.get(item.urlKey)
    return course ? refresh(course, item, context.tx, stores.courses) : created(item)
  }
  return read.map((item) => (item instanceof DomainError ? refused(item) : outcomeOf(item)))
}

const refused = ({ code, message }: DomainError): ImportOutcome => ({ outcome: 'refused', code, detail: message })

const refuseRepeats = (items: readonly (ReadItem | DomainError)[]): (ReadItem | DomainError)[] => {
  const seen = new Set<string>()
  return items.map((item) => {
    if (item instanceof DomainError) return item
    if (seen.has(item.urlKey)) return ItemRepeated()
    seen.add(item.urlKey)
    return item
  })
}

const addSubjects = async (items: readonly ReadItem[], tx: UnitOfWork, subjects: SubjectRegistry): Promise<void> => {
  const headings = items.map(({ subject }) => subject)
  subjects.add(tx, newSubjects(headings, await subjects.known(slugsOf(headings))))
}

/** The courses that stand already, by the key of their address. */
const knownCourses = async (
  items: readonly ReadItem[],
  { imports, courses }: ImportStores,
): Promise<ReadonlyMap<string, Course>> => {
  const ids = await imports.find(items.map(({ urlKey }) => urlKey))
  const loaded = new Map((await courses.loadAll([...ids.values()])).map((course) => [course.id, course]))
  return new Map(
    [...ids].flatMap(([urlKey, id]) => {
      const course = loaded.get(id)
      return course ? [[urlKey, course] as const] : []
    }),
  )
}

const create = async (
  items: readonly ReadItem[],
  ownerId: UserId,
  { tx, ids, now }: Context,
  { imports, slugs }: ImportStores,
): Promise<(item: ReadItem) => ImportOutcome> => {
  const wanted = items.map(({ details }) => slugOf(details.title))
  const free = await findFreeSlugs(slugs, wanted)
  const imported = items.map((item, at) => composeCourse(item, free[at] ?? item.urlKey, { ownerId, ids, now }))
  imports.add(tx, imported)
  const courseIds = new Map(imported.map(({ urlKey, course }) => [urlKey, course.id]))
  return ({ urlKey }) => {
    const courseId = courseIds.get(urlKey)
    return courseId ? { outcome: 'created', courseId } : refused(ItemRepeated())
  }
}

/** Takes over what the list now says; the slug stays, and so does the first spelling of the address. */
const refresh = (
  course: Course,
  { details: { title, language, subject, summary } }: ReadItem,
  tx: UnitOfWork,
  courses: CourseRepository,
): ImportOutcome => {
  try {
    course.update({ title, language, subject, summary: summary ?? null })
  } catch (error) {
    if (error instanceof DomainError) return refused(error)
    throw error
  }
  courses.save(tx, course)
  return { outcome: course.events.length > 0 ? 'updated' : 'unchanged', courseId: course.id }
}
