import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { DAY } from '#domain/kernel/clock.ts'
import { EnrollmentId, ReviewId, type UserId } from '#domain/kernel/ids.ts'
import { CourseReviews } from '#edge/read-models/course-reviews.ts'
import { slugKey } from '#edge/read-models/keys.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { systemIds } from '#services/kit/ids.ts'
import { ListedReview, OwnReview } from './reviews-resource.ts'
import { author, caller, problemOf } from './testing/author.ts'
import { type LearningService, startLearningService } from './testing/running-service.ts'

const FREE = { price: { amount: 0, currency: 'EUR' }, capacity: 100 }

let service: LearningService
beforeAll(async () => {
  service = await startLearningService()
})
afterAll(() => service.stop())

const Content = z.object({ sections: z.array(z.object({ lessons: z.array(z.object({ id: z.string() })) })) })
const Enrollment = z.object({ enrollmentId: EnrollmentId })
const Page = z.object({
  items: z.array(ListedReview),
  nextCursor: z.string().optional(),
  rating: z.object({ count: z.int(), mean: z.number(), histogram: z.array(z.int()) }),
})
const eventually = <T>(ask: () => Promise<T>): Promise<T> => vi.waitFor(ask, { timeout: 15_000, interval: 20 })

const published = async () => {
  const tutor = author(service)
  const { course, run } = await tutor.published({}, FREE)
  const path = `/v1/reviews/${course.courseId}/mine`
  const enroll = async (learner: UserId) => {
    const api = caller(service, `${learner} learner`)
    const { enrollmentId } = Enrollment.parse((await api.post(`/v1/course-runs/${run.courseRunId}/enrollments`)).body)
    return { api, enrollmentId }
  }
  /** Somebody who has completed the first lesson. */
  const learner = async (id: UserId = systemIds.next('usr')) => {
    const { api, enrollmentId } = await enroll(id)
    const { sections } = await eventually(async () =>
      Content.parse((await api.get(`/v1/courses/${course.courseId}/content`)).body),
    )
    const [lesson] = sections.flatMap(({ lessons }) => lessons)
    await api.send('PUT', `/v1/enrollments/${enrollmentId}/lessons/${lesson?.id}/completion`)
    return { id, api, review: (body: object) => api.send('PUT', path, { body }) }
  }
  const list = async (query = '') =>
    Page.parse((await caller(service, undefined).get(`/v1/reviews?target=${course.courseId}${query}`)).body)
  const shown = async () => CourseReviews.parse(JSON.parse(String(await hash(course.slug, 'reviewsBody'))))
  return { course, tutor, path, enroll, learner, list, shown }
}

const hash = (slug: string, field: string) => service.redis.command('HGET', slugKey(slug), field)
const code = ({ status, body }: { status: number; body: unknown }) => [
  status,
  z.object({ code: z.string() }).parse(body).code,
]
const admin = () => caller(service, `${systemIds.next('usr')} admin`)

describe('a review', () => {
  test('is for learners with a completed lesson, once for each, and stands in the catalog', async () => {
    const { course, path, enroll, learner, list, shown } = await published()
    const fresh = await enroll(systemIds.next('usr'))
    expect(code(await fresh.api.send('PUT', path, { body: { stars: 5 } }))).toEqual([403, 'NOT_ELIGIBLE'])
    const { api, review } = await learner()
    expect(code(await api.get(path))).toEqual([404, 'REVIEW_NOT_FOUND'])
    const answers = await Promise.all(Array.from({ length: 4 }, () => review({ stars: 4, text: ' Clear. ' })))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    const mine = OwnReview.parse((await api.get(path)).body)
    expect(mine).toMatchObject({ courseId: course.courseId, stars: 4, text: 'Clear.', status: 'PUBLISHED' })
    const { items, rating } = await list()
    expect(rating).toEqual({ count: 1, mean: 4, histogram: [0, 0, 0, 1, 0] })
    expect(items).toMatchObject([{ reviewId: mine.reviewId, stars: 4 }])
    await eventually(async () => {
      expect(await shown()).toEqual({
        rating,
        items: [{ reviewId: mine.reviewId, stars: 4, text: 'Clear.', submittedAt: mine.submittedAt }],
      })
      expect(JSON.parse(String(await hash(course.slug, 'body')))).toMatchObject({ rating })
    })
  })

  test('of many at once is counted each', async () => {
    const { learner, list } = await published()
    const learners = await Promise.all(Array.from({ length: 6 }, () => learner()))
    await Promise.all(
      learners.map(({ review }, n) =>
        eventually(async () => expect((await review({ stars: 1 + (n % 5) })).status).toBe(200)),
      ),
    )
    expect((await list()).rating).toEqual({ count: 6, mean: 2.67, histogram: [2, 1, 1, 1, 1] })
  })

  test('is changed for 30 days, taken back, and written anew', async () => {
    const { api, review, list, shown, path } = await published().then(async (course) => ({
      ...course,
      ...(await course.learner()),
    }))
    await review({ stars: 2 })
    expect(OwnReview.parse((await review({ stars: 3 })).body).editedAt).toBeDefined()
    expect((await list()).rating).toEqual({ count: 1, mean: 3, histogram: [0, 0, 1, 0, 0] })
    service.clock.advance(30 * DAY)
    expect(code(await review({ stars: 4 }))).toEqual([409, 'REVIEW_SETTLED'])
    expect((await review({ stars: 3 })).status).toBe(200)
    expect([(await api.send('DELETE', path)).status, (await api.send('DELETE', path)).status]).toEqual([204, 204])
    expect(await list()).toMatchObject({ items: [], rating: { count: 0, mean: 0 } })
    await review({ stars: 5 })
    await eventually(async () => expect(await shown()).toMatchObject({ rating: { count: 1, mean: 5 } }))
    service.clock.advance(-30 * DAY)
  })

  test('is hidden, shown and removed by moderators, and then gone from the catalog', async () => {
    const { api, review, list, course, path } = await published().then(async (made) => ({
      ...made,
      ...(await made.learner()),
    }))
    const { reviewId } = OwnReview.parse((await review({ stars: 1, text: 'Canary words.' })).body)
    const moderate = (verdict: string) => admin().post(`/v1/reviews/${reviewId}/moderate`, { verdict })
    const isShown = async () => String(await hash(course.slug, 'reviewsBody')).includes('Canary')
    await eventually(async () => expect(await isShown()).toBe(true))
    expect(OwnReview.parse((await moderate('hide')).body).status).toBe('HIDDEN')
    expect((await list()).items).toEqual([])
    await eventually(async () => expect(await isShown()).toBe(false))
    expect(OwnReview.parse((await api.get(path)).body).status).toBe('HIDDEN')
    expect((await moderate('publish')).status).toBe(200)
    await eventually(async () => expect(await isShown()).toBe(true))
    for (let again = 0; again < 2; again++) expect((await moderate('remove')).status).toBe(200)
    await eventually(async () => expect(await isShown()).toBe(false))
    expect(code(await moderate('publish'))).toEqual([409, 'REVIEW_REMOVED'])
    expect(code(await review({ stars: 5 }))).toEqual([409, 'REVIEW_REMOVED'])
    const unknown = await admin().post(`/v1/reviews/${systemIds.next('rev')}/moderate`, { verdict: 'hide' })
    expect(code(unknown)).toEqual([404, 'REVIEW_NOT_FOUND'])
  })

  test('is answered by the tutor of the course alone', async () => {
    const { tutor, learner, list, shown } = await published()
    const { review } = await learner()
    const { reviewId } = OwnReview.parse((await review({ stars: 5 })).body)
    const path = `/v1/reviews/${reviewId}/reply`
    expect(code(await author(service).api.post(path, { text: 'Hm.' }))).toEqual([403, 'NOT_COURSE_OWNER'])
    expect((await tutor.api.post(path, { text: 'Thanks.' })).status).toBe(200)
    expect((await list()).items).toMatchObject([{ reply: { text: 'Thanks.' } }])
    await eventually(async () => expect((await shown()).items[0]?.reply?.text).toBe('Thanks.'))
  })

  test('is found helpful once by each reader, its author excepted', async () => {
    const { learner, list } = await published()
    const { api, review } = await learner()
    const { reviewId } = OwnReview.parse((await review({ stars: 5 })).body)
    const path = `/v1/reviews/${reviewId}/votes`
    expect(code(await api.post(path))).toEqual([409, 'OWN_REVIEW'])
    const reader = () => caller(service, `${systemIds.next('usr')} learner`)
    const [one, two] = [reader(), reader()]
    const answers = await Promise.all([one, one, one, two].map(({ post }) => post(path)))
    expect(answers.map(({ body }) => body)).toEqual(Array.from({ length: 4 }, () => ({ reviewId, isHelpful: true })))
    expect((await list()).items).toMatchObject([{ helpful: 2 }])
    for (let again = 0; again < 2; again++)
      expect((await one.send('DELETE', path)).body).toEqual({ reviewId, isHelpful: false })
    expect((await list()).items).toMatchObject([{ helpful: 1 }])
    await admin().post(`/v1/reviews/${reviewId}/moderate`, { verdict: 'hide' })
    expect(code(await two.post(path))).toEqual([404, 'REVIEW_NOT_FOUND'])
  })

  test('is reported once by each reader, and listed for moderators until they give a verdict', async () => {
    const { learner } = await published()
    const { api, review } = await learner()
    const { reviewId } = OwnReview.parse((await review({ stars: 1, text: 'Buy my watches.' })).body)
    const report = (reader: ReturnType<typeof caller>, reason: string) =>
      reader.post(`/v1/reviews/${reviewId}/reports`, { reason })
    expect(code(await report(api, 'spam'))).toEqual([409, 'OWN_REVIEW'])
    const [one, two] = [
      caller(service, `${systemIds.next('usr')} learner`),
      caller(service, `${systemIds.next('usr')} tutor`),
    ]
    expect((await report(one, 'spam')).status).toBe(201)
    expect(code(await report(one, 'abuse'))).toEqual([409, 'ALREADY_REPORTED'])
    expect((await report(two, 'other')).status).toBe(201)
    const Reported = z.object({
      items: z.array(z.object({ reviewId: ReviewId, reasons: z.array(z.string()), reports: z.int() })),
    })
    const reported = async () =>
      Reported.parse((await admin().get('/v1/reported-reviews?limit=100')).body).items.filter(
        (item) => item.reviewId === reviewId,
      )
    expect(await reported()).toEqual([{ reviewId, reasons: ['spam', 'other'], reports: 2 }])
    expect((await admin().post(`/v1/reviews/${reviewId}/moderate`, { verdict: 'publish' })).status).toBe(200)
    expect(await reported()).toEqual([])
    expect((await report(caller(service, `${systemIds.next('usr')} learner`), 'abuse')).status).toBe(201)
    expect(await reported()).toEqual([{ reviewId, reasons: ['abuse'], reports: 1 }])
  })

  test('is text without control characters, and stars from one to five', async () => {
    const { learner } = await published()
    const { review } = await learner()
    for (const [body, pointer] of [
      [{ stars: 5, text: 'a\u0000b' }, '/text'],
      [{ stars: 6 }, '/stars'],
      [{ stars: 4.5 }, '/stars'],
      [{ stars: 5, text: ' ' }, '/text'],
    ] as const)
      expect(problemOf(await review(body))).toEqual({ code: 'INVALID_INPUT', pointers: [pointer] })
  })

  test('is listed page by page, newest first, without its author', async () => {
    const { learner, list } = await published()
    const ids: ReviewId[] = []
    for (const stars of [1, 2, 3]) {
      const { id, review } = await learner()
      const answer = await review({ stars })
      expect(JSON.stringify(answer.body)).not.toContain(id)
      ids.unshift(OwnReview.parse(answer.body).reviewId)
    }
    const first = await list('&limit=2')
    const second = await list(`&limit=2&cursor=${first.nextCursor}`)
    expect([...first.items, ...second.items].map(({ reviewId }) => reviewId)).toEqual(ids)
    expect(second.nextCursor).toBeUndefined()
  })

  test('is nothing that can be said of a draft, or by its tutor', async () => {
    const { course, tutor, path } = await published()
    expect(code(await tutor.api.send('PUT', path, { body: { stars: 5 } }))).toEqual([403, 'NOT_ELIGIBLE'])
    const draft = await author(service).draft()
    const { api } = await published().then(({ learner }) => learner())
    expect(code(await api.send('PUT', `/v1/reviews/${draft.courseId}/mine`, { body: { stars: 5 } }))).toEqual([
      404,
      'COURSE_NOT_FOUND',
    ])
    expect(await service.request(Learning.GetAggregate, { courseId: course.courseId })).toMatchObject({
      count: 0,
      mean: 0,
    })
  })

  test('other services are told who may review, and what reviews come to', async () => {
    const { course, learner } = await published()
    const { id, review } = await learner()
    const { courseId } = course
    const can = (authorId: UserId) => service.request(Learning.CanReview, { courseId, authorId })
    expect(await can(id)).toEqual({ canReview: true })
    expect(await can(systemIds.next('usr'))).toEqual({ canReview: false })
    await review({ stars: 3 })
    expect(await service.request(Learning.GetAggregate, { courseId })).toEqual({
      count: 1,
      mean: 3,
      histogram: [0, 0, 1, 0, 0],
    })
  })
})
