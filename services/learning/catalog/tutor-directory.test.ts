import { expect, test } from 'vitest'
import { systemClock } from '#domain/kernel/clock.ts'
import { createMemoryLane, createRequester } from '#bus/request-reply/requester.ts'
import { systemIds } from '#services/kit/ids.ts'
import type { TutorName } from '../ports.ts'
import { createUserDirectory } from '../testing/user-directory.ts'
import { createTutorDirectory } from './tutor-directory.ts'

test('many courses of one tutor ask for the name once, and again where that failed', async () => {
  const lanes = createMemoryLane()
  const requester = createRequester({ service: 'learning', lane: lanes.lane, clock: systemClock, ids: systemIds })
  const kept: TutorName[] = []
  const directory = createTutorDirectory(
    {
      isTutor: async () => true,
      coursesOf: async () => [],
      keep: async (name) => {
        kept.push(name)
      },
    },
    requester,
  )
  const tutorId = systemIds.next('usr')
  await expect(directory.learn(tutorId)).rejects.toThrow('not running')

  const users = createUserDirectory()
  users.names.set(tutorId, 'Ada Byron')
  lanes.register('user', users.respond)
  await Promise.all([directory.learn(tutorId), directory.learn(tutorId), directory.learn(tutorId)])
  expect(users.asked).toEqual([tutorId])
  expect(kept).toMatchObject([{ tutorId, name: 'Ada Byron', profileVersion: 0 }])
})
