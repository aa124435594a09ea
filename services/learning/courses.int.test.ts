import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Learning } from '#bus/patterns/learning.ts'
import { Users } from '#bus/patterns/user.ts'
import type { CourseId } from '#domain/kernel/ids.ts'
import { systemIds } from '#services/kit/ids.ts'
import { z } from 'zod'
import { CourseResource } from './resources.ts'
import { author, caller, openTerms, outline, problemOf } from './testing/author.ts'
import { type LearningService, startLearningService } from './testing/running-service.ts'

let service: LearningService
beforeAll(async () => {
  service = await startLearningService()
})
afterAll(() => service.stop())

const eventually = <T>(ask: () => Promise<T>): Promise<T> => vi.waitFor(ask, { timeout: 15_000, interval: 20 })
const Page = z.object({
  items: z.array(z.object({ courseId: z.string(), title: z.string().optional() })),
  nextCursor: z.string().optional(),
})

describe('a draft', () => {
  test('gets a free slug from its title and is found by its tutor', async () => {
    const { api, userId } = author(service)
    const body = { title: 'Über C++', language: 'de' }
    const made = await api.post('/v1/courses', body)
    expect(made).toMatchObject({ status: 201, etag: '"1"', body: { slug: 'uber-c-plus-plus', status: 'DRAFT' } })
    const { courseId } = CourseResource.parse(made.body)
    expect(made.headers.get('location')).toBe(`/v1/courses/${courseId}`)
    expect(await api.get(`/v1/courses/${courseId}`)).toMatchObject({
      status: 200,
      body: { courseId, tutorId: userId, ...body, version: 1 },
    })
    expect(await api.post('/v1/courses', body)).toMatchObject({ body: { slug: 'uber-c-plus-plus-2' } })
  })

  test('is made once under one key', async () => {
    const { api } = author(service)
    const key = { 'idempotency-key': systemIds.next('key') }
    const first = await api.post('/v1/courses', { title: 'Once', language: 'en' }, key)
    const again = await api.post('/v1/courses', { title: 'Once', language: 'en' }, key)
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
  })

  test('answers as a missing one to another tutor, whatever they ask', async () => {
    const owner = author(service)
    const { courseId, run } = await owner.ready()
    const other = author(service).api
    const answers = await Promise.all([
      other.get(`/v1/courses/${courseId}`),
      other.get(`/v1/courses/${courseId}/curriculum`),
      other.get(`/v1/courses/${courseId}/runs`),
      other.patch(`/v1/courses/${courseId}`, 1, { title: 'Mine' }),
      other.put(`/v1/courses/${courseId}/curriculum`, 2, { sections: [] }),
      other.post(`/v1/courses/${courseId}/publish`),
      other.post(`/v1/courses/${courseId}/archive`),
      other.post(`/v1/courses/${courseId}/runs`, openTerms()),
    ])
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404))
    expect(new Set(answers.map((answer) => problemOf(answer).code))).toEqual(new Set(['COURSE_NOT_FOUND']))
    const runs = await Promise.all([
      other.get(`/v1/course-runs/${run.courseRunId}`),
      other.patch(`/v1/course-runs/${run.courseRunId}`, 1, { capacity: 9 }),
    ])
    expect(runs.map((answer) => problemOf(answer).code)).toEqual(['RUN_NOT_FOUND', 'RUN_NOT_FOUND'])
  })

  test('takes no subject that does not exist', async () => {
    const answer = await author(service).api.post('/v1/courses', { language: 'en', subject: 'alchemy' })
    expect(answer.status).toBe(422)
    expect(problemOf(answer)).toEqual({ code: 'SUBJECT_UNKNOWN', pointers: ['/subject'] })
  })

  test('frees the slug that it leaves', async () => {
    const { api, draft } = author(service)
    const { courseId, slug } = await draft()
    expect((await api.patch(`/v1/courses/${courseId}`, 1, { slug: `${slug}-new` })).status).toBe(200)
    expect((await api.post('/v1/courses', { language: 'en', slug })).status).toBe(201)
  })
})

describe('changing a course', () => {
  test('needs the version that was read, and removes what is set to null', async () => {
    const { api, draft } = author(service)
    const { courseId } = await draft({ summary: 'Short' })
    const path = `/v1/courses/${courseId}`
    expect((await api.send('PATCH', path, { body: { title: 'B' } })).status).toBe(428)
    expect(problemOf(await api.patch(path, 7, { title: 'B' })).code).toBe('VERSION_MISMATCH')
    const changed = await api.patch(path, 1, { title: 'B', summary: null })
    expect(changed).toMatchObject({ status: 200, etag: '"2"', body: { title: 'B' } })
    expect(changed.body).not.toHaveProperty('summary')
    expect((await api.patch(path, 1, { title: 'C' })).status).toBe(412)
    expect((await api.get(path, { 'if-none-match': '"2"' })).status).toBe(304)
  })

  test('to the same values changes nothing', async () => {
    const { api, draft } = author(service)
    const { courseId, title } = await draft()
    expect(await api.patch(`/v1/courses/${courseId}`, 1, { title })).toMatchObject({ status: 200, etag: '"1"' })
  })

  test('to a slug that another course had is refused', async () => {
    const { api, published, draft } = author(service)
    const { course } = await published()
    expect(
      (await api.patch(`/v1/courses/${course.courseId}`, course.version, { slug: `${course.slug}-b` })).status,
    ).toBe(200)
    const second = await draft()
    const answer = await api.patch(`/v1/courses/${second.courseId}`, 1, { slug: course.slug })
    expect(answer.status).toBe(409)
    expect(problemOf(answer).code).toBe('SLUG_TAKEN')
  })

  test('that is published and foreign is forbidden', async () => {
    const { course } = await author(service).published()
    const answer = await author(service).api.patch(`/v1/courses/${course.courseId}`, course.version, { title: 'Mine' })
    expect(answer.status).toBe(403)
  })
})

describe('a curriculum', () => {
  test('keeps the ids of what stays and moves, and gives new ones to the rest', async () => {
    const { api, draft } = author(service)
    const { courseId } = await draft()
    const path = `/v1/courses/${courseId}/curriculum`
    expect(await api.get(path)).toMatchObject({ etag: '"1"', body: { sections: [] } })
    const made = await api.put(path, 1, { sections: outline })
    const first = z.object({ sections: z.array(z.looseObject({ id: z.string() })) }).parse(made.body)
    const sections = [{ title: 'New', lessons: [] }, ...first.sections]
    expect(await api.put(path, 2, { sections })).toMatchObject({
      status: 200,
      etag: '"3"',
      body: { sections: [{ title: 'New' }, { id: first.sections[0]?.id }] },
    })
    expect((await api.put(path, 2, { sections })).status).toBe(412)
  })

  test('with a part of another course is refused with a pointer', async () => {
    const { api, draft } = author(service)
    const { courseId } = await draft()
    const sections = [{ id: systemIds.next('sec'), title: 'A', lessons: [] }]
    const answer = await api.put(`/v1/courses/${courseId}/curriculum`, 1, { sections })
    expect(answer.status).toBe(422)
    expect(problemOf(answer)).toEqual({ code: 'CURRICULUM_INVALID', pointers: ['/sections/0/id'] })
  })
})

describe('publishing', () => {
  test('says everything that is missing at once', async () => {
    const { api } = author(service)
    const { courseId } = CourseResource.parse((await api.post('/v1/courses', { language: 'en' })).body)
    const answer = await api.post(`/v1/courses/${courseId}/publish`)
    expect(answer.status).toBe(422)
    expect(problemOf(answer)).toEqual({
      code: 'COURSE_NOT_PUBLISHABLE',
      pointers: ['/title', '/subject', '/lessons', '/runs'],
    })
  })

  test('shows the course in the list of its tutor, where drafts never are', async () => {
    const { userId, published, draft } = author(service)
    const { course } = await published()
    await draft()
    const { body } = await caller(service, undefined).get(`/v1/tutors/${userId}/courses`)
    expect(Page.parse(body).items.map(({ courseId }) => courseId)).toEqual([course.courseId])
    expect(JSON.stringify(body)).not.toContain('"status"')
  })

  test('and every change of a course show in the list that was read before', async () => {
    const { api, userId, published } = author(service)
    const titles = async () => {
      const { body } = await caller(service, undefined).get(`/v1/tutors/${userId}/courses`)
      return Page.parse(body).items.map(({ title }) => title)
    }
    expect(await titles()).toEqual([])
    const { course } = await published({ title: 'Before' })
    await eventually(async () => expect(await titles()).toEqual(['Before']))
    const { version } = z.object({ version: z.int() }).parse((await api.get(`/v1/courses/${course.courseId}`)).body)
    expect((await api.patch(`/v1/courses/${course.courseId}`, version, { title: 'After' })).status).toBe(200)
    await eventually(async () => expect(await titles()).toEqual(['After']))
    expect((await api.post(`/v1/courses/${course.courseId}/archive`)).status).toBe(200)
    await eventually(async () => expect(await titles()).toEqual([]))
  })

  test('again without changes keeps the revision of the curriculum', async () => {
    const { api, published } = author(service)
    const { course } = await published()
    expect((await api.post(`/v1/courses/${course.courseId}/publish`)).status).toBe(200)
    const curriculum = await api.get(`/v1/courses/${course.courseId}/curriculum`)
    expect(curriculum.body).toMatchObject({ publishedRevision: 1 })
  })
})

describe('archiving', () => {
  test('closes the runs and is final', async () => {
    const { api, published } = author(service)
    const { course, run } = await published()
    const path = `/v1/courses/${course.courseId}`
    expect(await api.post(`${path}/archive`)).toMatchObject({ status: 200, body: { status: 'ARCHIVED' } })
    expect(await api.get(`/v1/course-runs/${run.courseRunId}`)).toMatchObject({ body: { status: 'CLOSED' } })
    expect(problemOf(await api.patch(path, 3, { title: 'Back' })).code).toBe('COURSE_ARCHIVED')
    expect(problemOf(await api.post(`${path}/publish`)).code).toBe('COURSE_ARCHIVED')
    expect(problemOf(await api.post(`${path}/runs`, openTerms())).code).toBe('COURSE_ARCHIVED')
  })

  test('a draft is refused', async () => {
    const { api, draft } = author(service)
    const { courseId } = await draft()
    expect(problemOf(await api.post(`/v1/courses/${courseId}/archive`)).code).toBe('COURSE_NOT_PUBLISHED')
  })
})

describe('a run', () => {
  test('is changed under its version', async () => {
    const { api, ready } = author(service)
    const { courseId, run } = await ready()
    const path = `/v1/course-runs/${run.courseRunId}`
    const price = { amount: 100, currency: 'EUR' }
    expect(await api.patch(path, 1, { price })).toMatchObject({ status: 200, etag: '"2"', body: { price } })
    expect((await api.patch(path, 1, { price })).status).toBe(412)
    expect((await api.send('PATCH', path, { body: { price } })).status).toBe(428)
    const dates = await api.patch(path, 2, { endsAt: '2020-01-01T00:00:00.000Z' })
    expect(dates.status).toBe(422)
    expect(problemOf(dates).pointers).toContain('/endsAt')
    expect(await api.get(`/v1/courses/${courseId}/runs`)).toMatchObject({
      body: { items: [{ courseRunId: run.courseRunId, price, seatsTaken: 0, seatsHeld: 0 }] },
    })
  })
})

describe('a price', () => {
  test.each([
    [{ amount: 5_005, currency: 'KWD' }, 400],
    [{ amount: 5_010, currency: 'KWD' }, 201],
    [{ amount: 5_005, currency: 'EUR' }, 201],
    [{ amount: 5_005, currency: 'JPY' }, 201],
  ])('%j can be charged, or is refused when it is set: %i', async (price, status) => {
    const { api, draft } = author(service)
    const { courseId } = await draft()
    const opened = await api.post(`/v1/courses/${courseId}/runs`, openTerms({ price }))
    expect(opened.status).toBe(status)
    expect(status === 201 ? [] : problemOf(opened).pointers).toEqual(status === 201 ? [] : ['/price/amount'])
  })

  test('is held to the same when it changes', async () => {
    const { api, ready } = author(service)
    const { run } = await ready()
    const refused = await api.patch(`/v1/course-runs/${run.courseRunId}`, 1, { price: { amount: 1, currency: 'BHD' } })
    expect(problemOf(refused)).toEqual({ code: 'INVALID_INPUT', pointers: ['/price/amount'] })
  })
})

describe('lists', () => {
  test('give every course once, newest first, page by page', async () => {
    const { api, draft } = author(service)
    const made: string[] = []
    for (let n = 0; n < 5; n++) made.unshift((await draft()).courseId)
    const seen: string[] = []
    for (let path: string | undefined = '/v1/courses?limit=2'; path !== undefined; ) {
      const page: z.infer<typeof Page> = Page.parse((await api.get(path)).body)
      seen.push(...page.items.map(({ courseId }) => courseId))
      path = page.nextCursor && `/v1/courses?limit=2&cursor=${page.nextCursor}`
    }
    expect(seen).toEqual(made)
  })

  test('refuse the cursor of another tutor', async () => {
    const { api, draft } = author(service)
    await draft()
    await draft()
    const { nextCursor } = Page.parse((await api.get('/v1/courses?limit=1')).body)
    const answer = await author(service).api.get(`/v1/courses?cursor=${nextCursor}`)
    expect(answer.status).toBe(400)
  })
})

describe('other services', () => {
  test('read a course and the offer of a run', async () => {
    const { published, draft } = author(service)
    const { course, run } = await published()
    expect(await service.request(Learning.GetCourseById, { courseId: course.courseId })).toMatchObject({
      courseId: course.courseId,
      status: 'PUBLISHED',
      slug: course.slug,
    })
    const { courseRunId } = run
    expect(await service.request(Learning.GetOffer, { courseRunId })).toEqual({
      courseId: course.courseId,
      tutorId: course.tutorId,
      title: course.title,
      price: run.price,
      seatsLeft: 2,
      open: true,
    })
    const { courseId } = await draft()
    expect(await service.request(Learning.GetCourseById, { courseId })).toMatchObject({ status: 'DRAFT' })
    await expect(service.request(Learning.GetOffer, { courseRunId: systemIds.next('run') })).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
    })
  })
})

describe('the courses of a subject', () => {
  const all = async (subject: string, limit: number) => {
    const seen: string[] = []
    let after: CourseId | undefined
    do {
      const page = await service.request(Learning.GetCoursesBySubject, { subject, after, limit })
      expect(page.courses.length).toBeLessThanOrEqual(limit)
      seen.push(...page.courses.map(({ courseId }) => courseId))
      after = page.next
    } while (after)
    return seen
  }

  test('are the published ones of it and of those below it, page by page, newest first', async () => {
    const { published, draft } = author(service)
    const [first, second] = [(await published()).course.courseId, (await published()).course.courseId]
    const unpublished = (await draft()).courseId
    for (const subject of ['algebra', 'mathematics']) {
      const seen = await all(subject, 2)
      expect(seen).toEqual(seen.toSorted((a, b) => (a < b ? 1 : -1)))
      expect(seen).toEqual(expect.arrayContaining([first, second]))
      expect(seen).not.toContain(unpublished)
      expect(new Set(seen).size).toBe(seen.length)
    }
    expect(await all('astronomy', 5)).not.toContain(first)
    expect(await all('no-such-subject', 5)).toEqual([])
  })
})

describe('whoever leaves', () => {
  test('sells no course any more, however many there were and however often that is told', {
    timeout: 60_000,
  }, async () => {
    const { api, userId, published, draft } = author(service)
    const courses: string[] = []
    for (let n = 0; n < 51; n++) courses.push((await published()).course.courseId)
    const { courseId: unpublished } = await draft()
    const { published: others } = author(service)
    const { course: other } = await others()
    for (let told = 0; told < 3; told++)
      await service.deliver(Users.UserDeleted.type, userId, { userId, erasedAt: service.clock.now() })
    const statusOf = async (id: string) =>
      z.object({ status: z.string() }).parse((await api.get(`/v1/courses/${id}`)).body)
    await eventually(async () => {
      const statuses = await Promise.all(courses.map(statusOf))
      expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set(['ARCHIVED']))
    })
    expect(await statusOf(unpublished)).toEqual({ status: 'DRAFT' })
    expect(await caller(service, undefined).get(`/v1/tutors/${other.tutorId}/courses`)).toMatchObject({
      body: { items: [{ courseId: other.courseId }] },
    })
    const runs = z.object({ items: z.array(z.object({ status: z.string() })) })
    const { items } = runs.parse((await api.get(`/v1/courses/${courses[50]}/runs`)).body)
    expect(items).toMatchObject([{ status: 'CLOSED' }])
  })
})

describe('statements', () => {
  /** The relay and the projector run beside it, so that the least of several counts is that of the work itself. */
  const counted = async (work: () => Promise<unknown>): Promise<number> => {
    const counts: number[] = []
    for (let run = 0; run < 5; run++) {
      const before = service.database.statements()
      await work()
      counts.push(service.database.statements() - before)
    }
    return Math.min(...counts)
  }

  test('a course, a list and a curriculum are one each, and what the public reads again is none', async () => {
    const { api, userId, draft } = author(service)
    const { courseId } = await draft()
    expect(await counted(() => api.get(`/v1/courses/${courseId}`))).toBe(1)
    expect(await counted(() => api.get('/v1/courses'))).toBe(1)
    expect(await counted(() => api.get(`/v1/courses/${courseId}/curriculum`))).toBe(1)
    expect(await counted(() => api.patch(`/v1/courses/${courseId}`, 9, { title: 'B' }))).toBe(1)
    expect(await counted(() => caller(service, undefined).get(`/v1/tutors/${userId}/courses`))).toBe(0)
  })
})
