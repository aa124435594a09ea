import { z } from 'zod'
import { CourseView } from './course-view.ts'

/** What is said of a course: the newest reviews, and what all of them come to. */
export const CourseReviews = z.object({
  rating: CourseView.shape.rating.describe('Absent where there is no review.'),
  items: CourseView.shape.reviews,
})
export type CourseReviews = z.infer<typeof CourseReviews>

export const courseReviews = ({ rating, reviews }: CourseView): CourseReviews => ({ rating, items: reviews })
