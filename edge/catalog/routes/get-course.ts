import type { Call } from '../http/call.ts'
import { preferredVariant } from '../http/accept.ts'
import { courseNotFound, Problem, unavailable } from '../http/problem.ts'
import { sendDocument } from '../http/document.ts'
import { sendProblem, sendRedirect } from '../http/respond.ts'
import { cacheStatus, type Served } from '../isolate/freshness.ts'
import type { Isolate } from '../isolate/isolate.ts'
import type { CourseEntry, Variant } from '../isolate/pages.ts'
import { reviewedSlugOf, slugOf } from './course-address.ts'

export function getCourse(call: Call, isolate: Isolate): Response | Promise<Response> {
  return fromPages(call, isolate, slugOf(call.path), preferredVariant(call.request.headers.get('accept')))
}

export function getReviews(call: Call, isolate: Isolate): Response | Promise<Response> {
  return fromPages(call, isolate, reviewedSlugOf(call.path), 'reviews')
}

function fromPages(
  call: Call,
  isolate: Isolate,
  slug: string | undefined,
  variant: Variant,
): Response | Promise<Response> {
  if (slug === undefined) throw courseNotFound()
  const below = variant === 'reviews' ? '/reviews' : ''
  const fresh = isolate.pages.fresh(slug, variant)
  if (fresh) return answer(call, fresh, below)
  return isolate.pages.read(isolate.reader(call.env), slug, variant).then((served) => answer(call, served, below))
}

/** @param below what follows the course in the address, and in the one that it has moved to */
function answer(call: Call, served: Served<CourseEntry> | undefined, below: string): Response {
  if (!served) throw unavailable()
  const entry = served.value
  const status = cacheStatus(served)
  switch (entry.kind) {
    case 'page':
      return sendDocument(call, entry.document, status)
    case 'moved': {
      const target = encodeURIComponent(entry.to) + below
      return sendRedirect(`/catalog/v1/courses/${target}`, `"to-${target}"`, status)
    }
    case 'gone':
      return sendProblem(new Problem(410, 'COURSE_ARCHIVED', 'This course is no longer offered.'), status)
    case 'absent':
      return sendProblem(courseNotFound(), status)
  }
}
