import { CURRENCY_EXPONENTS, type Money } from '#domain/kernel/money.ts'
import type { CourseView, RunView } from './course-view.ts'

/** schema.org Course. Ids are relative, so the document names itself whatever host serves it. */
export function courseJsonLd(view: CourseView) {
  const path = `/catalog/v1/courses/${encodeURIComponent(view.slug)}`
  return {
    '@context': 'https://schema.org',
    '@type': 'Course',
    '@id': path,
    url: path,
    identifier: view.courseId,
    name: view.title,
    description: view.description ?? view.summary ?? view.title,
    about: { '@type': 'Thing', name: view.subject.name },
    ...(view.level && { educationalLevel: view.level }),
    inLanguage: view.language,
    provider: { '@type': 'Person', name: view.tutor.name },
    datePublished: view.publishedAt,
    dateModified: view.updatedAt,
    ...(view.rating && {
      aggregateRating: {
        '@type': 'AggregateRating',
        ratingValue: view.rating.mean,
        ratingCount: view.rating.count,
      },
    }),
    hasCourseInstance: view.runs.map((run) => courseInstance(view, run)),
    syllabusSections: view.sections.map((section) => ({
      '@type': 'Syllabus',
      name: section.title,
      description: section.lessons.map((lesson) => lesson.title).join('; '),
    })),
  }
}

function courseInstance(view: CourseView, run: RunView) {
  return {
    '@type': 'CourseInstance',
    identifier: run.courseRunId,
    courseMode: 'Online',
    ...(run.startsAt && { startDate: run.startsAt }),
    ...(run.endsAt && { endDate: run.endsAt }),
    instructor: { '@type': 'Person', name: view.tutor.name },
    offers: {
      '@type': 'Offer',
      category: run.price.amount === 0 ? 'Free' : 'Paid',
      price: decimal(run.price),
      priceCurrency: run.price.currency,
      availability: `https://schema.org/${run.full ? 'SoldOut' : 'InStock'}`,
      ...(run.enrollmentOpensAt && { validFrom: run.enrollmentOpensAt }),
      ...(run.enrollmentClosesAt && { validThrough: run.enrollmentClosesAt }),
    },
  }
}

/** schema.org wants major units; the digits are moved as text, since a float would round. */
export function decimal({ amount, currency }: Money): string {
  const digits = CURRENCY_EXPONENTS[currency]
  if (digits === 0) return String(amount)
  const padded = String(amount).padStart(digits + 1, '0')
  return `${padded.slice(0, -digits)}.${padded.slice(-digits)}`
}
