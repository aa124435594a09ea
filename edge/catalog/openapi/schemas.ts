import { z } from 'zod'
import { CourseCard } from '#edge/read-models/course-card.ts'
import { CoursePage } from '#edge/read-models/course-page.ts'
import { CourseReviews } from '#edge/read-models/course-reviews.ts'
import { SubjectName } from '#edge/read-models/course-view.ts'
import { Money } from '#domain/kernel/money.ts'
import { AVAILABILITIES } from '../search/availability.ts'

const Count = z.int().min(0)

const CourseListItem = CourseCard.omit({ runs: true })
  .extend({
    price: Money.describe('Lowest price of the runs that are as available as it gets'),
    pacing: z.array(z.string()),
    availability: z.enum(AVAILABILITIES),
    startsAt: z.iso.datetime(),
  })
  .partial()
  .describe('All fields, or those named in `fields`')

export const CourseList = z.object({
  items: z.array(CourseListItem),
  nextCursor: z.string().optional().describe('Absent on the last page'),
})

const FacetValue = z.object({ value: z.string(), name: z.string().optional(), count: Count })

const Facets = z.object({
  total: Count,
  subject: z.array(FacetValue),
  level: z.array(FacetValue),
  language: z.array(FacetValue),
  tutor: z.array(FacetValue),
  pacing: z.array(FacetValue),
  availability: z.array(FacetValue),
  price: z.object({
    free: Count,
    currencies: z.array(z.object({ currency: z.string(), count: Count, min: Count, max: Count })),
  }),
})

const Suggestions = z.object({
  items: z.array(
    z.object({
      kind: z.enum(['course', 'subject', 'tutor']),
      text: z.string(),
      value: z.string().describe('Slug of a course or subject, id of a tutor'),
    }),
  ),
})

const SubjectNode = SubjectName.extend({
  count: Count.describe('Courses of this subject and of all below it'),
  get children() {
    return z.array(SubjectNode)
  },
})

const SubjectTree = z.object({ items: z.array(SubjectNode) })

const Health = z.object({ status: z.literal('ok'), cache: z.enum(['fresh', 'stale']), courses: Count })

const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ parameter: z.string(), detail: z.string() })).optional(),
})

export const componentSchemas = {
  CoursePage,
  CourseReviews,
  CourseList,
  CourseListItem,
  Facets,
  FacetValue,
  Suggestions,
  SubjectNode,
  SubjectTree,
  Health,
  Problem,
}
