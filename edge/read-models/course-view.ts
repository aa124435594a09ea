import { z } from 'zod'
import { Instant } from '#domain/kernel/clock.ts'
import { CourseId, CourseRunId, ReviewId, UserId } from '#domain/kernel/ids.ts'
import { Money } from '#domain/kernel/money.ts'
import { LanguageTag, ShortText, Slug, Token } from './scalars.ts'

export const SubjectName = z.object({ slug: Slug, name: ShortText })
const TutorName = z.object({ id: UserId, name: ShortText, slug: Slug.optional() })
export const Rating = z.object({ count: z.int().min(0), mean: z.number().min(0).max(5) })
const RatingView = Rating.extend({
  histogram: z.array(z.int().min(0)).length(5).describe('How many gave one star, two stars, up to five.'),
})

/** How many reviews stand on the public page of a course; all of them are listed by the learning service. */
export const REVIEWS_SHOWN = 50

export const ReviewView = z.object({
  reviewId: ReviewId,
  stars: z.int().min(1).max(5),
  text: z.string().max(5_000).optional(),
  submittedAt: Instant,
  editedAt: Instant.optional(),
  reply: z.object({ text: z.string().max(2_000), at: Instant }).optional(),
})

export const RunView = z.object({
  courseRunId: CourseRunId,
  startsAt: Instant.optional(),
  endsAt: Instant.optional(),
  enrollmentOpensAt: Instant.optional(),
  enrollmentClosesAt: Instant.optional(),
  price: Money,
  pacing: Token.optional(),
  full: z.boolean(),
})
export type RunView = z.infer<typeof RunView>

const SectionView = z.object({
  title: ShortText,
  lessons: z.array(z.object({ title: ShortText })).max(1000),
})

/**
 * What the owner of a course hands over, read in one snapshot with its revision. Public fields only:
 * parsing drops everything else, and a status other than these two (a draft) is refused.
 */
export const CourseView = z.object({
  courseId: CourseId,
  revision: z.int().min(0),
  status: z.enum(['published', 'archived']),
  slug: Slug,
  formerSlugs: z.array(Slug),
  title: ShortText,
  summary: z.string().max(1000).optional(),
  description: z.string().max(20_000).optional(),
  subject: SubjectName,
  level: Token.optional(),
  language: LanguageTag,
  tutor: TutorName,
  runs: z.array(RunView).max(100),
  sections: z.array(SectionView).max(200),
  rating: RatingView.optional(),
  reviews: z.array(ReviewView).max(REVIEWS_SHOWN),
  publishedAt: Instant,
  updatedAt: Instant,
})
export type CourseView = z.infer<typeof CourseView>
