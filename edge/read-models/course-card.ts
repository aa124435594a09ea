import { z } from 'zod'
import { CourseView, Rating, RunView } from './course-view.ts'

const RunCard = RunView.omit({ courseRunId: true, endsAt: true })

/** What lists, facets and suggestions need of one course; short, since every isolate holds all of them. */
export const CourseCard = CourseView.pick({
  slug: true,
  title: true,
  summary: true,
  subject: true,
  level: true,
  language: true,
  tutor: true,
  publishedAt: true,
  updatedAt: true,
}).extend({ id: CourseView.shape.courseId, rating: Rating.optional(), runs: z.array(RunCard) })
export type CourseCard = z.infer<typeof CourseCard>
export type RunCard = z.infer<typeof RunCard>

/** Unknown keys are stripped by the schemas, so the card is the pick of the view and nothing more. */
export const courseCard = (view: CourseView): CourseCard => CourseCard.parse({ ...view, id: view.courseId })
