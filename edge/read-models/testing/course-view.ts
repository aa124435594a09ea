import type { CourseView } from '../course-view.ts'

const uuid = (n: number) => `01923c5e-0000-7000-8000-${String(n).padStart(12, '0')}`

/** A free published course with one open run; `n` makes it different from the others. */
export const courseView = (n: number, changes: Partial<CourseView> = {}): CourseView => ({
  courseId: `crs_${uuid(n)}`,
  revision: 1,
  status: 'published',
  slug: `course-${n}`,
  formerSlugs: [],
  title: `Course ${n}`,
  summary: 'What it is about',
  subject: { slug: 'algebra', name: 'Algebra' },
  level: 'beginner',
  language: 'en',
  tutor: { id: `usr_${uuid(1)}`, name: 'Ada Byron', slug: 'ada-byron' },
  runs: [run(n)],
  reviews: [],
  sections: [{ title: 'Start', lessons: [{ title: 'Numbers' }, { title: 'Letters' }] }],
  publishedAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-02T00:00:00.000Z',
  ...changes,
})

export const run = (n: number, changes: Partial<CourseView['runs'][number]> = {}): CourseView['runs'][number] => ({
  courseRunId: `run_${uuid(n)}`,
  price: { amount: 0, currency: 'EUR' },
  pacing: 'self_paced',
  full: false,
  ...changes,
})
