import type { Call } from '../http/call.ts'
import type { Isolate } from '../isolate/isolate.ts'
import { isCourseAddress, isReviewsAddress } from './course-address.ts'
import { getCourse, getReviews } from './get-course.ts'
import { getFacets } from './get-facets.ts'
import { getHealth } from './get-health.ts'
import { getOpenapi } from './get-openapi.ts'
import { listCourses } from './list-courses.ts'
import { listSubjects } from './list-subjects.ts'
import { suggest } from './suggest.ts'

type Route = (call: Call, isolate: Isolate) => Response | Promise<Response>

/** What answers which address. */
export const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/catalog/v1/courses', listCourses],
  ['/catalog/v1/courses/{slug}', getCourse],
  ['/catalog/v1/courses/{slug}/reviews', getReviews],
  ['/catalog/v1/facets', getFacets],
  ['/catalog/v1/suggest', suggest],
  ['/catalog/v1/subjects', listSubjects],
  ['/catalog/v1/openapi.json', getOpenapi],
  ['/catalog/v1/health', getHealth],
])

export const routeOf = (path: string): Route | undefined => {
  if (isCourseAddress(path)) return getCourse
  return isReviewsAddress(path) ? getReviews : routes.get(path)
}
