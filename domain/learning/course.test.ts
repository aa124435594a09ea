import { describe, expect, test } from 'vitest'
import { addMs, DAY } from '../kernel/clock.ts'
import { DomainError } from '../kernel/errors.ts'
import { Course } from './course.ts'
import { Curriculum } from './curriculum.ts'
import { CourseIsArchived, CourseNotFound, CourseNotPublishable, CourseNotPublished, NotCourseOwner } from './errors.ts'
import { CourseArchived, CourseCreated, CoursePublished, CourseUpdated } from './events.ts'
import {
  exampleCurriculum,
  exampleDetails,
  exampleDraft,
  exampleIds,
  exampleLearner,
  examplePublished,
  exampleRun,
  exampleTutor,
  NOW,
} from './examples.ts'

const thrownBy = (act: () => void): DomainError => {
  try {
    act()
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error('Nothing was thrown.')
}

describe('creating a course', () => {
  test('starts a draft and tells of it', () => {
    const course = exampleDraft()
    expect(course.state).toMatchObject({ status: 'DRAFT', slug: 'linear-algebra-by-drawing', formerSlugs: [] })
    expect(course.events).toEqual([
      {
        definition: CourseCreated,
        data: {
          courseId: course.id,
          tutorId: exampleTutor,
          title: exampleDetails.title,
          subject: 'algebra',
          language: 'en',
          slug: 'linear-algebra-by-drawing',
        },
      },
    ])
  })

  test('needs no more than a language', () => {
    const [created] = exampleDraft({ language: 'pt-BR' }).events
    expect(CourseCreated.data.safeParse(created?.data).success).toBe(true)
  })
})

describe('publishing a course', () => {
  test('tells where it is found and from which price', () => {
    const course = exampleDraft()
    const runs = [exampleRun(), exampleRun({ price: { amount: 900, currency: 'EUR' } })]
    course.publish(exampleCurriculum(course), runs, NOW)
    expect(course.state).toMatchObject({ status: 'PUBLISHED', publishedAt: NOW })
    expect(course.events.at(-1)).toEqual({
      definition: CoursePublished,
      data: {
        courseId: course.id,
        version: 1,
        slug: 'linear-algebra-by-drawing',
        subject: 'algebra',
        tutorId: exampleTutor,
        priceFrom: { amount: 900, currency: 'EUR' },
      },
    })
  })

  test('is refused with everything that is missing at once', () => {
    const course = exampleDraft({ language: 'en' })
    const error = thrownBy(() => course.publish(Curriculum.empty(course.id), [], NOW))
    expect(CourseNotPublishable.is(error)).toBe(true)
    expect(error.kind).toBe('unprocessable')
    expect(error.fields.map(({ pointer }) => pointer)).toEqual(['/title', '/subject', '/lessons', '/runs'])
    expect(course.state.status).toBe('DRAFT')
  })

  test('needs a run that takes enrollments now', () => {
    const course = exampleDraft()
    const error = thrownBy(() => course.publish(exampleCurriculum(course), [exampleRun()], addMs(NOW, 30 * DAY)))
    expect(error.fields.map(({ pointer }) => pointer)).toEqual(['/runs'])
  })

  test('again keeps the first date', () => {
    const course = examplePublished()
    course.publish(exampleCurriculum(course), [exampleRun()], addMs(NOW, DAY))
    expect(course.state).toMatchObject({ status: 'PUBLISHED', publishedAt: NOW })
  })
})

describe('updating a course', () => {
  test('names the fields that changed, and the version they changed in', () => {
    const course = examplePublished()
    course.update({ title: 'Linear algebra', summary: null, level: 'beginner' })
    expect(course.events).toEqual([
      {
        definition: CourseUpdated,
        data: { courseId: course.id, version: 3, changed: ['title', 'summary'] },
      },
    ])
    expect(course.state.details).toMatchObject({ title: 'Linear algebra', summary: undefined, level: 'beginner' })
  })

  test('tells nothing when nothing changes', () => {
    const course = examplePublished()
    course.update({ title: exampleDetails.title })
    expect(course.events).toEqual([])
  })

  test('keeps the slugs that it was public under, and takes one of them back', () => {
    const course = examplePublished()
    course.update({ slug: 'drawn-algebra' })
    expect(course.state).toMatchObject({ slug: 'drawn-algebra', formerSlugs: ['linear-algebra-by-drawing'] })
    course.update({ slug: 'linear-algebra-by-drawing' })
    expect(course.state).toMatchObject({ slug: 'linear-algebra-by-drawing', formerSlugs: ['drawn-algebra'] })
  })

  test('forgets the slug that a draft had', () => {
    const course = exampleDraft()
    course.update({ slug: 'drawn-algebra' })
    expect(course.state).toMatchObject({ slug: 'drawn-algebra', formerSlugs: [] })
  })
})

describe('archiving a course', () => {
  test('is final', () => {
    const course = examplePublished()
    course.archive(NOW)
    course.archive(addMs(NOW, DAY))
    expect(course.events.map(({ definition }) => definition)).toEqual([CourseArchived])
    expect(CourseIsArchived.is(thrownBy(() => course.update({ title: 'Other' })))).toBe(true)
    expect(CourseIsArchived.is(thrownBy(() => course.publish(exampleCurriculum(course), [exampleRun()], NOW)))).toBe(
      true,
    )
  })

  test('is not for drafts', () => {
    expect(CourseNotPublished.is(thrownBy(() => exampleDraft().archive(NOW)))).toBe(true)
  })
})

describe('who edits a course', () => {
  const other = { userId: exampleLearner, roles: ['tutor'] }

  test('is its owner or an admin', () => {
    for (const course of [exampleDraft(), examplePublished()]) {
      course.assertEditableBy({ userId: exampleTutor, roles: ['tutor'] })
      course.assertEditableBy({ userId: exampleIds.next('usr'), roles: ['admin'] })
    }
  })

  test('a foreign draft answers exactly as a missing one', () => {
    const course = exampleDraft()
    const { code, kind, message } = CourseNotFound(course.id)
    expect(thrownBy(() => course.assertEditableBy(other))).toMatchObject({ code, kind, message })
  })

  test('a foreign public course says that it is not theirs', () => {
    expect(NotCourseOwner.is(thrownBy(() => examplePublished().assertEditableBy(other)))).toBe(true)
    expect(Course.restore(examplePublished().state, 2).events).toEqual([])
  })
})
