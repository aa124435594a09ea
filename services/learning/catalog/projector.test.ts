import { expect, test } from 'vitest'
import { applyCourse } from '#edge/read-models/apply-course.ts'
import type { CourseView } from '#edge/read-models/course-view.ts'
import { READY } from '#edge/read-models/keys.ts'
import { courseView } from '#edge/read-models/testing/course-view.ts'
import { tableSource } from '#edge/read-models/testing/table-source.ts'
import { createEngine } from '#services/kit/redis/engine.ts'
import { createCatalogProjector } from './projector.ts'

const { courseId } = courseView(1)

/** The projector on an empty Redis; `reading` happens whenever the tables are asked for a view. */
const scene = (views: CourseView[], reading: () => void = () => undefined) => {
  const redis = createEngine({ now: () => 0 })
  const source = tableSource(views)
  const asked: string[] = []
  const projector = createCatalogProjector(
    redis,
    { revision: async (id) => (await source.revisions()).get(id) },
    {
      ...source,
      revisions: () => {
        asked.push('revisions')
        return source.revisions()
      },
      view: (id) => {
        asked.push(id)
        reading()
        return source.view(id)
      },
    },
  )
  return { redis, asked, projector }
}

test('what Redis shows already is not read again, however many events speak of it', async () => {
  const { asked, projector } = scene([courseView(1)])
  await projector.project(courseId)
  await projector.project(courseId)
  expect(asked).toEqual([courseId])
})

test('a slug that another course holds is a failure, so that the event is not taken for done', async () => {
  const { redis, projector } = scene([courseView(1)])
  await applyCourse(redis, courseView(2, { slug: courseView(1).slug }))
  await expect(projector.project(courseId)).rejects.toThrow(`a slug of ${courseId}`)
})

test('a rebuild that a restart of Redis overtook is begun again', async () => {
  let restarts = 0
  const { redis, projector } = scene([courseView(1)], () => {
    if (restarts++ === 0) redis.restart()
  })
  expect(await projector.repair()).toMatchObject({ ready: true, written: 1 })
  expect(await redis.command('GET', READY)).not.toBeNull()
})

test('repairs that are asked for at the same time are one', async () => {
  const { asked, projector } = scene([courseView(1)])
  await Promise.all([projector.repair(), projector.repair()])
  expect(asked).toEqual(['revisions', courseId])
})
