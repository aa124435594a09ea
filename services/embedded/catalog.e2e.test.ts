import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { componentSchemas } from '#edge/catalog/openapi/schemas.ts'
import { encodeEnvelope } from '#bus/envelope.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { systemIds } from '#services/kit/ids.ts'
import { z } from 'zod'
import { catalogClient, listCatalog, msUntilPublic, titlesOf } from './testing/catalog.ts'
import type { TestClient } from './testing/client.ts'
import {
  completeCourse,
  draftCourse,
  enrollmentWithStatus,
  openTerms,
  type PublishedCourse,
  publishCourse,
  requestSeat,
} from './testing/courses.ts'
import { makePerson, type Person, register, signIn } from './testing/people.ts'
import type { PlatformUnderTest } from './testing/platform.ts'
import { startPlatformUnderTest } from './testing/under-test.ts'
import { eventually } from './testing/poll.ts'

const { CoursePage, CourseReviews, Facets, Suggestions, SubjectTree } = componentSchemas
const Versioned = z.object({ version: z.int() })
const euros = (amount: number) => ({ amount, currency: 'EUR' }) as const

let platform: PlatformUnderTest
let catalog: TestClient
let tutor: Person
/** How long each change took to be public. */
const latencies: number[] = []

const pageOf = (slug: string) => `/catalog/v1/courses/${slug}`
const isPublic = async (slug: string): Promise<boolean> => (await catalog.call('GET', pageOf(slug))).status === 200
const seenWithin = async (what: string, isSeen: () => Promise<boolean>): Promise<void> => {
  latencies.push(await msUntilPublic(what, isSeen))
}
/** Also in lists: they have a copy of their own. */
const publish = async (wish: Parameters<typeof publishCourse>[2]) => {
  const course = await publishCourse(platform, tutor, wish)
  await seenWithin(`the page of ${wish.title}`, () => isPublic(course.slug))
  await seenWithin(`${wish.title} in lists`, async () => (await titlesOf(catalog, 'limit=100')).includes(wish.title))
  return course
}
const change = (path: string, version: number, body: object) =>
  platform.client.expect(200, Versioned, 'PATCH', path, { token: tutor.token, body, ifMatch: `"${version}"` })
const changeCourse = async ({ courseId }: PublishedCourse, body: object) => {
  const path = `/v1/courses/${courseId}`
  const { version } = await platform.client.expect(200, Versioned, 'GET', path, { token: tutor.token })
  await change(path, version, body)
}

beforeAll(async () => {
  platform = await startPlatformUnderTest({ catalog: true })
  catalog = await catalogClient(platform)
  const admin = await makePerson(platform, 'learner', 'admin')
  const applicant = await register(platform, 'Noor Adeyemi')
  const grant = { token: admin.token, body: { roles: ['learner', 'tutor'] } }
  await platform.client.expect(200, z.unknown(), 'PUT', `/v1/users/${applicant.userId}/roles`, grant)
  tutor = await signIn(platform, applicant)
})
afterAll(() => platform.stop())

describe('the public catalog', () => {
  beforeAll(async () => {
    await publish({ title: 'Rings and fields', subject: 'algebra', level: 'advanced', price: euros(9900), capacity: 5 })
    await publish({ title: 'Derivatives by hand', subject: 'calculus', price: euros(4900), capacity: 5 })
    await publish({ title: 'Ruby für Anfänger', language: 'de', level: 'beginner', price: euros(0), capacity: 5 })
    await publish({ title: '机器学习入门', subject: 'machine-learning', language: 'zh', price: euros(0), capacity: 5 })
  })

  test.each([
    ['q=rings', ['Rings and fields']],
    ['q=anfanger', ['Ruby für Anfänger']],
    ['q=学习', ['机器学习入门']],
    ['q=adeyemi calculus', ['Derivatives by hand']],
    ['q=nothing like that', []],
    ['subject=mathematics&sort=title', ['Derivatives by hand', 'Rings and fields']],
    ['language=de', ['Ruby für Anfänger']],
    ['level=beginner,advanced&sort=title', ['Rings and fields', 'Ruby für Anfänger']],
    ['free=true&sort=title', ['Ruby für Anfänger', '机器学习入门']],
    ['currency=EUR&priceMin=1&priceMax=5000', ['Derivatives by hand']],
    ['sort=-price&limit=2', ['Rings and fields', 'Derivatives by hand']],
    ['sort=newest&limit=1', ['机器学习入门']],
  ])('finds by %s', async (query, titles) => {
    expect(await titlesOf(catalog, query)).toEqual(titles)
  })

  test('walks its pages by cursor, each course once', async () => {
    const titles: (string | undefined)[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page = await listCatalog(catalog, `sort=title&limit=1&cursor=${cursor}`)
      titles.push(...page.items.map(({ title }) => title))
      cursor = page.nextCursor
    }
    expect(titles).toEqual(['Derivatives by hand', 'Rings and fields', 'Ruby für Anfänger', '机器学习入门'])
  })

  test('counts what each filter would leave', async () => {
    const facets = await catalog.expect(200, Facets, 'GET', '/catalog/v1/facets?subject=mathematics')
    expect(facets.total).toBe(2)
    expect(facets.subject).toContainEqual({ value: 'mathematics', name: 'Mathematics', count: 2 })
    expect(facets.tutor).toEqual([{ value: tutor.userId, name: 'Noor Adeyemi', count: 2 }])
    expect(facets.price.currencies).toEqual([{ currency: 'EUR', count: 2, min: 4900, max: 9900 }])
  })

  test('completes what is typed, and shows the tree of subjects', async () => {
    const { items } = await catalog.expect(200, Suggestions, 'GET', '/catalog/v1/suggest?q=ring')
    expect(items.map(({ kind, text }) => `${kind} ${text}`)).toContain('course Rings and fields')
    const tree = await catalog.expect(200, SubjectTree, 'GET', '/catalog/v1/subjects')
    const mathematics = tree.items.find(({ slug }) => slug === 'mathematics')
    expect(mathematics).toMatchObject({ count: 2 })
    expect(mathematics?.children).toContainEqual({ slug: 'algebra', name: 'Algebra', count: 1, children: [] })
  })

  test.each(['/courses?q=rings', '/courses/rings-and-fields', '/facets', '/subjects', '/suggest?q=ring'])(
    '%s has an ETag, which is 304 for who has it, and says where it came from',
    async (path) => {
      const first = await catalog.call('GET', `/catalog/v1${path}`)
      expect(first.headers.get('cache-status')).toMatch(/^catalog; (hit|fwd=)/)
      expect(first.headers.get('cache-control')).toMatch(/no-cache/)
      const headers = { 'if-none-match': first.headers.get('etag') ?? 'none' }
      const second = await catalog.call('GET', `/catalog/v1${path}`, { headers })
      expect([second.status, second.text]).toEqual([304, ''])
    },
  )

  test('is also there under the origin of the API', async () => {
    const direct = await catalog.call('GET', pageOf('rings-and-fields'))
    const proxied = await platform.client.call('GET', pageOf('rings-and-fields'))
    expect([proxied.status, proxied.text]).toEqual([200, direct.text])
    expect(proxied.headers.get('etag')).toBe(direct.headers.get('etag'))
  })
})

describe('what an author does', () => {
  test('a draft never appears, whatever is done to it', async () => {
    const draft = await draftCourse(platform, tutor, { title: 'Unseen draft', price: euros(100), capacity: 5 })
    const terms = openTerms(euros(200), 6)
    const second = { token: tutor.token, body: terms }
    await platform.client.expect(201, z.unknown(), 'POST', `/v1/courses/${draft.courseId}/runs`, second)
    await changeCourse(draft, { summary: 'Still unseen.' })
    // What comes later is there: so the draft's own events have been through.
    await publish({ title: 'After the draft', price: euros(0), capacity: 5 })
    expect((await catalog.call('GET', pageOf(draft.slug))).status).toBe(404)
    expect(await titlesOf(catalog, 'q=unseen')).toEqual([])
    const { items } = await catalog.expect(200, Suggestions, 'GET', '/catalog/v1/suggest?q=unseen')
    expect(items).toEqual([])
  })

  test('a new price is on the page and in the list', async () => {
    const course = await publish({ title: 'Dear course', price: euros(20_000), capacity: 5 })
    await change(`/v1/course-runs/${course.courseRunId}`, 1, { price: euros(15_000) })
    await seenWithin('the new price on the page', async () => {
      const { runs } = await catalog.expect(200, CoursePage, 'GET', pageOf(course.slug))
      return runs[0]?.price.amount === 15_000
    })
    await seenWithin('the new price in the list', async () => {
      const { items } = await listCatalog(catalog, 'q=dear&fields=price')
      return items[0]?.price?.amount === 15_000
    })
  })

  test('a new title is on the page and in the list, and the old one is not found', async () => {
    const course = await publish({ title: 'First heading', price: euros(0), capacity: 5 })
    await changeCourse(course, { title: 'Second heading' })
    await seenWithin('the new title', async () => (await titlesOf(catalog, 'q=heading'))[0] === 'Second heading')
    expect(await titlesOf(catalog, 'q=first heading')).toEqual([])
  })

  test('a slug that moved redirects; both answer 410 once the course is archived', async () => {
    const course = await publish({ title: 'Movable feast', price: euros(0), capacity: 5 })
    await changeCourse(course, { slug: 'feast-that-moved' })
    await seenWithin('the redirect', async () => (await catalog.call('GET', pageOf(course.slug))).status === 301)
    const moved = await catalog.call('GET', pageOf(course.slug))
    expect(moved.headers.get('location')).toBe(pageOf('feast-that-moved'))
    expect(await isPublic('feast-that-moved')).toBe(true)

    const archive = { token: tutor.token }
    await platform.client.expect(200, z.unknown(), 'POST', `/v1/courses/${course.courseId}/archive`, archive)
    await seenWithin('410', async () => (await catalog.call('GET', pageOf('feast-that-moved'))).status === 410)
    await eventually('410 of the former slug', async () => {
      return (await catalog.call('GET', pageOf(course.slug))).status === 410
    })
    await eventually('no card', async () => (await titlesOf(catalog, 'q=movable')).length === 0)
  })

  test('a run whose last seat is held is full, and open again when the seat is back', async () => {
    const course = await publish({ title: 'One chair', price: euros(100), capacity: 1 })
    const availability = async () => (await listCatalog(catalog, 'q=chair')).items[0]?.availability
    expect(await availability()).toBe('open')
    const learner = await makePerson(platform, 'learner')
    const enrollmentId = await requestSeat(platform, learner, course)
    await seenWithin('a full run', async () => (await availability()) === 'full')
    await platform.client.call('DELETE', `/v1/enrollments/${enrollmentId}`, { token: learner.token })
    await seenWithin('an open run', async () => (await availability()) === 'open')
  })

  test('a review stands on the page of its course, and its stars in lists, until it is taken back', async () => {
    const course = await publish({ title: 'Well said', price: euros(0), capacity: 5 })
    const learner = await makePerson(platform, 'learner')
    const enrollmentId = await requestSeat(platform, learner, course)
    await enrollmentWithStatus(platform, learner, enrollmentId, 'ACTIVE')
    await completeCourse(platform, learner, { enrollmentId, ...course })
    const mine = `/v1/reviews/${course.courseId}/mine`
    const reviews = async () =>
      (await catalog.expect(200, CourseReviews, 'GET', `${pageOf(course.slug)}/reviews`)).items
    expect(await reviews()).toEqual([])
    await platform.client.expect(200, z.unknown(), 'PUT', mine, {
      token: learner.token,
      body: { stars: 5, text: 'Says it well.' },
    })
    await seenWithin('a review', async () => (await reviews())[0]?.text === 'Says it well.')
    await seenWithin('its stars', async () => (await titlesOf(catalog, 'rating=5&sort=rating'))[0] === 'Well said')
    await platform.client.expect(204, z.unknown(), 'DELETE', mine, { token: learner.token })
    await seenWithin('no review', async () => (await reviews()).length === 0)
    await seenWithin('no stars', async () => !(await titlesOf(catalog, 'rating=1')).includes('Well said'))
  })

  test('an older event that arrives late does not bring back what it told of', async () => {
    const course = await publish({ title: 'Old news', price: euros(100), capacity: 5 })
    await changeCourse(course, { title: 'Fresh news' })
    await seenWithin('the news', async () => (await titlesOf(catalog, 'q=news'))[0] === 'Fresh news')
    const before = await catalog.call('GET', pageOf(course.slug))

    const { type } = Learning.CourseUpdated
    const body = encodeEnvelope({
      specversion: '1.0',
      id: systemIds.next('msg'),
      messagekind: 'event',
      type,
      source: 'edtech.learning',
      time: platform.clock.now(),
      subject: course.courseId,
      aggregateversion: 1,
      dataversion: 1,
      correlationid: 'late',
      data: { courseId: course.courseId, version: 1, changed: ['title'] },
    })
    await platform.receive('learning', body)
    await publish({ title: 'After the late event', price: euros(0), capacity: 5 })
    expect((await catalog.call('GET', pageOf(course.slug))).text).toBe(before.text)
    expect(await titlesOf(catalog, 'q=old')).toEqual([])
  })

  test('the public sees changes within a second', () => {
    const sorted = latencies.toSorted((a, b) => a - b)
    const median = sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY
    process.stdout.write(
      `From change to edge: median ${median.toFixed(0)} ms, slowest ${sorted.at(-1)?.toFixed(0)} ms\n`,
    )
    expect(median).toBeLessThan(1_000)
  })
})
