import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Users } from '#bus/patterns/user.ts'
import { applyCourse } from '#edge/read-models/apply-course.ts'
import { CHUNKS } from '#edge/read-models/chunks.ts'
import { chunkKey, READY, REVISIONS, SUBJECTS, slugKey } from '#edge/read-models/keys.ts'
import { revisions } from '#edge/read-models/rebuild.ts'
import { systemIds } from '#services/kit/ids.ts'
import { CatalogTables } from './ports.ts'
import { author, caller, openTerms } from './testing/author.ts'
import { type LearningService, startLearningService } from './testing/running-service.ts'

let service: LearningService
beforeAll(async () => {
  service = await startLearningService()
})
afterAll(() => service.stop())

const command = (...parts: readonly [string, ...string[]]) => service.redis.command(...parts)
const kindOf = (slug: string) => command('HGET', slugKey(slug), 'kind')
const pageOf = async (slug: string): Promise<unknown> =>
  JSON.parse(String(await command('HGET', slugKey(slug), 'body')))
const shownRevision = async (courseId: string) => Number(await command('HGET', REVISIONS, courseId))
const revisionOf = (courseId: string) => service.runtime.resolve(CatalogTables).revision(courseId)

/** Everything that Redis holds, as text. */
const contents = async (slugs: readonly string[]): Promise<string> => {
  const keys = [REVISIONS, SUBJECTS, ...slugs.map(slugKey), ...Array.from({ length: CHUNKS }, (_, n) => chunkKey(n))]
  return JSON.stringify(await Promise.all(keys.map((key) => command('HGETALL', key))))
}

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 10 })

describe('a published course', () => {
  test('is in the catalog at once, with the name of its tutor and titles only', async () => {
    const { published, userId } = author(service, 'Ada Byron')
    const { course, run } = await published({ summary: 'With a pencil', level: 'beginner' })
    await eventually(async () => expect(await kindOf(course.slug)).toBe('page'))
    const page = await pageOf(course.slug)
    expect(page).toMatchObject({
      id: course.courseId,
      title: course.title,
      summary: 'With a pencil',
      level: 'beginner',
      subject: { slug: 'algebra', name: 'Algebra' },
      tutor: { id: userId, name: 'Ada Byron' },
      sections: [{ title: 'Vectors', lessons: [{ title: 'Arrows' }, { title: 'Sums' }] }],
      runs: [{ courseRunId: run.courseRunId, price: run.price, startsAt: run.startsAt, full: false }],
      lessonCount: 2,
    })
    expect(JSON.stringify(page)).not.toContain('Draw an arrow')
  })

  test('follows every change of title, price and slug', async () => {
    const { api, published } = author(service)
    const { course, run } = await published()
    const path = `/v1/courses/${course.courseId}`
    await api.patch(path, course.version, { title: 'Another title', slug: `${course.slug}-b` })
    await api.patch(`/v1/course-runs/${run.courseRunId}`, 1, { price: { amount: 1, currency: 'EUR' } })
    await eventually(async () => {
      expect(await kindOf(course.slug)).toBe('moved')
      expect(await pageOf(`${course.slug}-b`)).toMatchObject({
        title: 'Another title',
        runs: [{ price: { amount: 1 } }],
      })
    })
  })

  test('shows a run that is opened later, and a curriculum only when it is published', async () => {
    const { api, published } = author(service)
    const { course } = await published()
    const path = `/v1/courses/${course.courseId}`
    await api.put(`${path}/curriculum`, 3, {
      sections: [
        { title: 'Unseen', lessons: [{ title: 'Still unseen', content: { kind: 'markdown', markdown: 'x' } }] },
      ],
    })
    await api.post(`${path}/runs`, openTerms({ price: { amount: 7, currency: 'EUR' } }))
    await eventually(async () =>
      expect(await pageOf(course.slug)).toMatchObject({ runs: [{}, { price: { amount: 7 } }] }),
    )
    expect(await pageOf(course.slug)).toMatchObject({ sections: [{ title: 'Vectors' }] })
    await api.post(`${path}/publish`)
    await eventually(async () => expect(await pageOf(course.slug)).toMatchObject({ sections: [{ title: 'Unseen' }] }))
  })

  test('that is archived leaves a tombstone under every slug it had', async () => {
    const { api, published } = author(service)
    const { course } = await published()
    const path = `/v1/courses/${course.courseId}`
    await api.patch(path, course.version, { slug: `${course.slug}-b` })
    await api.post(`${path}/archive`)
    await eventually(async () => {
      expect(await kindOf(course.slug)).toBe('gone')
      expect(await kindOf(`${course.slug}-b`)).toBe('gone')
    })
    expect(await contents([])).not.toContain(course.title)
  })

  test('that moved more than a hundred times leaves no page behind, wherever its slugs sort', async () => {
    const { api, published } = author(service)
    const { course } = await published()
    await service.database.run(
      `insert into learning.course_slugs (slug, course_id) select 'a-' || $1 || '-' || n, $2 from generate_series(1, 100) n`,
      [course.slug, course.courseId],
    )
    await api.patch(`/v1/courses/${course.courseId}`, course.version, { slug: `${course.slug}-b` })
    await eventually(async () => expect(await kindOf(`${course.slug}-b`)).toBe('page'))
    expect(await kindOf(course.slug)).toBe('moved')
  })

  test('is never overwritten by an older view', async () => {
    const { api, published } = author(service)
    const { course } = await published()
    const view = await service.runtime.resolve(CatalogTables).view(course.courseId)
    if (!view) throw new Error('no view')
    await api.patch(`/v1/courses/${course.courseId}`, course.version, { title: 'Newer' })
    await eventually(async () => expect(await pageOf(course.slug)).toMatchObject({ title: 'Newer' }))
    const { tutorId: id, tutorName: _, ...rest } = view
    expect(await applyCourse(service.redis, { ...rest, tutor: { id, name: 'Late' } })).toBe('older')
    expect(await pageOf(course.slug)).toMatchObject({ title: 'Newer' })
  })
})

describe('a draft', () => {
  test('never gets a key, whatever happens to it', async () => {
    const { api, ready } = author(service)
    const title = `Secret ${systemIds.next('n')}`
    const { courseId } = await ready({ title, slug: 'a-secret-draft' })
    await api.patch(`/v1/courses/${courseId}`, 1, { summary: 'Still a secret' })
    await service.catalog.project(courseId)
    await service.catalog.repair()
    const stored = await contents(['a-secret-draft'])
    expect(stored).not.toContain(courseId)
    expect(stored).not.toContain(title)
  })
})

describe('a run', () => {
  test('that fills and frees changes the card, and enrollments in between do not', async () => {
    const { published } = author(service)
    const { course, run } = await published(undefined, { capacity: 2, price: { amount: 0, currency: 'EUR' } })
    await eventually(async () => expect(await kindOf(course.slug)).toBe('page'))
    const enroll = () =>
      caller(service, `${systemIds.next('usr')} learner`).post(`/v1/course-runs/${run.courseRunId}/enrollments`, {})
    const before = await revisionOf(course.courseId)
    expect((await enroll()).status).toBe(202)
    expect(await revisionOf(course.courseId)).toBe(before)
    expect((await enroll()).status).toBe(202)
    await eventually(async () => expect(await pageOf(course.slug)).toMatchObject({ runs: [{ full: true }] }))
    expect(await shownRevision(course.courseId)).toBe((before ?? 0) + 1)
  })
})

describe('the name of a tutor', () => {
  const renamed = (userId: string, profileVersion: number) =>
    service.deliver(Users.UserProfileUpdated.type, userId, { userId, profileVersion, changed: ['displayName'] })
  const nameOn = (name: string) => expect.objectContaining({ tutor: expect.objectContaining({ name }) })

  test('changes on all of their courses, and an older profile does not bring the old one back', async () => {
    const { userId, published } = author(service, 'Before')
    const courses = [(await published()).course, (await published()).course]
    const named = (name: string) =>
      eventually(async () => {
        for (const { slug } of courses) expect(await pageOf(slug)).toEqual(nameOn(name))
      })
    await named('Before')
    service.users.names.set(userId, 'After')
    await renamed(userId, 5)
    await named('After')
    service.users.names.set(userId, 'Stale')
    await renamed(userId, 4)
    await named('After')
  })

  test('is asked for once, however many courses there are, and never for people without courses', async () => {
    const { userId, published } = author(service)
    const { course } = await published()
    await eventually(async () => expect(await kindOf(course.slug)).toBe('page'))
    await published()
    const learner = systemIds.next('usr')
    await renamed(learner, 1)
    await eventually(async () => expect(service.users.asked.filter((asked) => asked === userId)).toHaveLength(1))
    expect(service.users.asked).not.toContain(learner)
  })

  test('goes with the account, and the course with them', async () => {
    const { userId, published } = author(service, 'To be forgotten')
    const { course } = await published()
    await eventually(async () => expect(await pageOf(course.slug)).toEqual(nameOn('To be forgotten')))
    service.users.names.delete(userId)
    await service.deliver(Users.UserDeleted.type, userId, { userId, erasedAt: service.clock.now() })
    await eventually(async () => expect(await kindOf(course.slug)).toBe('gone'))
    expect(await contents([course.slug])).not.toContain('To be forgotten')
  })
})

describe('Redis', () => {
  test('that comes back empty is rebuilt, with its sentinel last', async () => {
    const { published } = author(service)
    const { course } = await published()
    await eventually(async () => expect(await kindOf(course.slug)).toBe('page'))
    const before = { revisions: await revisions(service.redis), page: await pageOf(course.slug) }
    service.redis.restart()
    expect(await command('GET', READY)).toBeNull()
    await eventually(async () => expect(await command('GET', READY)).not.toBeNull())
    expect({ revisions: await revisions(service.redis), page: await pageOf(course.slug) }).toEqual(before)
  })

  test('that missed a change is repaired', async () => {
    const { published } = author(service)
    const { course } = await published()
    await eventually(async () => expect(await kindOf(course.slug)).toBe('page'))
    await command('HSET', REVISIONS, course.courseId, '1')
    await command('DEL', slugKey(course.slug))
    expect(await service.catalog.repair()).toMatchObject({ ready: true })
    expect(await kindOf(course.slug)).toBe('page')
  })
})
