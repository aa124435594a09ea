import type { Call } from '../http/call.ts'
import { preferredVariant } from '../http/accept.ts'
import { courseNotFound, Problem, unavailable } from '../http/problem.ts'
import { sendDocument } from '../http/document.ts'
import { sendProblem, sendRedirect } from '../http/respond.ts'
import { cacheStatus, type Served } from '../isolate/freshness.ts'
import type { Isolate } from '../isolate/isolate.ts'
import type { CourseEntry } from '../isolate/pages.ts'
import { slugOf } from './course-address.ts'

export function getCourse(call: Call, isolate: Isolate): Response | Promise<Response> {
  const slug = slugOf(call.path)
  if (slug === undefined) throw courseNotFound()
  const variant = preferredVariant(call.request.headers.get('accept'))
  const fresh = isolate.pages.fresh(slug, variant)
  if (fresh) return answer(call, fresh)
  return isolate.pages.read(isolate.reader(call.env), slug, variant).then((served) => answer(call, served))
}

function answer(call: Call, served: Served<CourseEntry> | undefined): Response {
  if (!served) throw unavailable()
  const entry = served.value
  const status = cacheStatus(served)
  switch (entry.kind) {
    case 'page':
      return sendDocument(call, entry.document, status)
    case 'moved': {
      const target = encodeURIComponent(entry.to)
      return sendRedirect(`/catalog/v1/courses/${target}`, `"to-${target}"`, status)
    }
    case 'gone':
      return sendProblem(new Problem(410, 'COURSE_ARCHIVED', 'This course is no longer offered.'), status)
    case 'absent':
      return sendProblem(courseNotFound(), status)
  }
}
