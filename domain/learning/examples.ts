import { addMs, DAY, type Instant } from '../kernel/clock.ts'
import type { Ids } from '../kernel/ids.ts'
import { Course } from './course.ts'
import type { DraftDetails } from './course-details.ts'
import { CourseRun } from './course-run.ts'
import { Curriculum, type OutlineDraft } from './curriculum.ts'
import { Enrollment } from './enrollment.ts'
import type { RunTerms } from './run-terms.ts'
import { slugOf } from './slug.ts'

/** Course material for tests: everything valid, each part replaceable. */

let last = 0
export const exampleIds: Ids = {
  next: (prefix) => {
    last += 1
    return `${prefix}_01890000-0000-7000-8000-${last.toString(16).padStart(12, '0')}`
  },
}

export const NOW: Instant = '2026-03-01T12:00:00.000Z'

export const exampleTutor = exampleIds.next('usr')
export const exampleLearner = exampleIds.next('usr')

export const exampleDetails: DraftDetails = {
  title: 'Linear algebra by drawing',
  summary: 'Vectors and matrices with pencil and paper.',
  subject: 'algebra',
  language: 'en',
  level: 'beginner',
}

export const exampleOutline: OutlineDraft = [
  {
    title: 'Vectors',
    lessons: [
      { title: 'Arrows', content: { kind: 'markdown', markdown: 'Draw an arrow.' } },
      { title: 'Sums', content: { kind: 'external', url: 'https://example.org/sums' } },
    ],
  },
]

export const exampleTerms = (changes: Partial<RunTerms> = {}): RunTerms => ({
  price: { amount: 4900, currency: 'EUR' },
  capacity: 2,
  startsAt: addMs(NOW, 7 * DAY),
  endsAt: addMs(NOW, 60 * DAY),
  enrollmentOpensAt: addMs(NOW, -DAY),
  enrollmentClosesAt: addMs(NOW, 14 * DAY),
  pacing: 'instructor_paced',
  ...changes,
})

export const exampleDraft = (details: DraftDetails = exampleDetails): Course =>
  Course.create({ id: exampleIds.next('crs'), tutorId: exampleTutor, slug: slugOf(details.title ?? '') }, details, NOW)

export const exampleCurriculum = (course: Course): Curriculum => {
  const curriculum = Curriculum.empty(course.id)
  curriculum.put(exampleOutline, exampleIds)
  return curriculum
}

export const exampleRun = (changes: Partial<RunTerms> = {}, courseId = exampleIds.next('crs')): CourseRun =>
  CourseRun.open({ id: exampleIds.next('run'), courseId }, exampleTerms(changes))

/** As the store gives it back: no events waiting. */
export const examplePublished = (): Course => {
  const course = exampleDraft()
  course.publish(exampleCurriculum(course), [exampleRun({}, course.id)], NOW)
  return Course.restore(course.state, 2)
}

export const exampleRequest = (run: CourseRun = exampleRun()): Enrollment =>
  Enrollment.request(exampleIds.next('enr'), run, exampleLearner, NOW)
