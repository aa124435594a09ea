import { z } from 'zod'
import { AggregateRoot } from '../kernel/aggregate-root.ts'
import type { FieldProblem } from '../kernel/errors.ts'
import { type CourseId, type Ids, LessonId, SectionId } from '../kernel/ids.ts'
import { ExternalUrl, multiline, Title } from './course-details.ts'
import { CurriculumInvalid } from './errors.ts'

const MAX_LESSONS = 1000

export const LessonContent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('markdown'), markdown: multiline(100_000) }),
  z.strictObject({ kind: z.literal('external'), url: ExternalUrl }),
])
export type LessonContent = z.infer<typeof LessonContent>

export const Lesson = z.strictObject({
  id: LessonId,
  title: Title,
  content: LessonContent,
  /** It can be completed only after the required lessons before it. */
  gated: z.boolean().optional(),
  /** The course can be completed without it. */
  optional: z.boolean().optional(),
})
export type Lesson = z.infer<typeof Lesson>
export const Section = z.strictObject({ id: SectionId, title: Title, lessons: z.array(Lesson).max(200) })
export type Section = z.infer<typeof Section>
/** In the order of teaching: a position is an index, so there are no gaps to keep out. */
export const Sections = z.array(Section).max(100)

/** Sections as an author sends them: what has no id yet is new. */
export const OutlineDraft = z
  .array(
    Section.extend({
      id: SectionId.optional(),
      lessons: z.array(Lesson.extend({ id: LessonId.optional() })).max(200),
    }),
  )
  .max(100)
export type OutlineDraft = z.infer<typeof OutlineDraft>

export interface CurriculumState {
  readonly id: CourseId
  /** What the author edits. */
  readonly sections: readonly Section[]
  /** What learners see: never edited, only replaced by the next revision. */
  readonly published: { readonly revision: number; readonly sections: readonly Section[] } | null
}

/** The lessons of one course. It tells no events of its own: the public hears of it when the course is published. */
export class Curriculum extends AggregateRoot<CurriculumState> {
  static empty(courseId: CourseId): Curriculum {
    return new Curriculum({ id: courseId, sections: [], published: null }, 0)
  }

  static restore(state: CurriculumState, version: number): Curriculum {
    return new Curriculum(state, version)
  }

  get lessonCount(): number {
    return countLessons(this.state.sections)
  }

  /** Replaces the whole outline; what keeps its id keeps its learners' progress, wherever it moves. */
  put(draft: OutlineDraft, ids: Ids): void {
    const problems = outlineProblems(draft, knownIds(this.state))
    if (problems.length > 0) throw CurriculumInvalid(problems)
    const sections = draft.map((section) => ({
      ...section,
      id: section.id ?? ids.next('sec'),
      lessons: section.lessons.map((lesson) => ({ ...lesson, id: lesson.id ?? ids.next('les') })),
    }))
    this.become({ ...this.state, sections })
  }

  publish(): void {
    const { sections, published } = this.state
    if (published?.sections === sections) return
    this.become({ ...this.state, published: { revision: (published?.revision ?? 0) + 1, sections } })
  }
}

const countLessons = (sections: readonly Pick<Section, 'lessons'>[] | OutlineDraft): number =>
  sections.reduce((count, { lessons }) => count + lessons.length, 0)

const knownIds = ({ sections, published }: CurriculumState): ReadonlySet<string> =>
  new Set([...sections, ...(published?.sections ?? [])].flatMap(({ id, lessons }) => [id, ...lessons.map((l) => l.id)]))

const outlineProblems = (draft: OutlineDraft, known: ReadonlySet<string>): FieldProblem[] => {
  const problems: FieldProblem[] = []
  const seen = new Set<string>()
  const check = (pointer: string, id: string | undefined) => {
    if (id === undefined) return
    if (seen.has(id)) problems.push({ pointer, detail: 'This id stands here twice.' })
    else if (!known.has(id)) problems.push({ pointer, detail: 'This course has no such part; leave the id out.' })
    seen.add(id)
  }
  draft.forEach((section, s) => {
    check(`/sections/${s}/id`, section.id)
    section.lessons.forEach((lesson, l) => check(`/sections/${s}/lessons/${l}/id`, lesson.id))
  })
  if (countLessons(draft) > MAX_LESSONS)
    problems.push({ pointer: '/sections', detail: `At most ${MAX_LESSONS} lessons.` })
  return problems
}
