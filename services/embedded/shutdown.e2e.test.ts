import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { CourseId, CourseRunId, EnrollmentId } from '#domain/kernel/ids.ts'
import { EnrollmentStatus } from '#domain/learning/enrollment-state.ts'
import { openTerms } from './testing/courses.ts'
import { type Account, createInsistentClient, type InsistentClient } from './testing/crash/insistent-client.ts'
import { eventually } from './testing/poll.ts'
import {
  makeDataDirectory,
  postgresOf,
  removeDataDirectory,
  spawnPlatform,
  type StartedPlatform,
  untilSilent,
} from './testing/started-platform.ts'
import { freePorts } from '#services/kit/testing/free-ports.ts'

const Login = z.object({ email: z.string(), password: z.string() })
const Credentials = z.object({ tutor: Login, learner: Login })
const Courses = z.object({ items: z.array(z.object({ slug: z.string() })) })
const Enrollment = z.object({ enrollmentId: EnrollmentId, status: EnrollmentStatus })
const Enrollments = z.object({ items: z.array(Enrollment) })
const FREE = { amount: 0, currency: 'EUR' } as const
const RUNS = 20

let directory: string
let port: number
let platform: StartedPlatform
let client: InsistentClient
beforeAll(async () => {
  directory = await makeDataDirectory()
  port = await freePorts(3)
  platform = spawnPlatform(directory, port)
  client = createInsistentClient(platform.apiUrl)
  await platform.ready
})
afterAll(async () => {
  platform.signal('SIGKILL')
  await platform.exited
  await removeDataDirectory(directory)
})

const startAgain = async (...flags: string[]): Promise<void> => {
  platform = spawnPlatform(directory, port, ...flags)
  await platform.ready
}

const credentials = async () =>
  Credentials.parse(JSON.parse(await readFile(join(directory, 'credentials.json'), 'utf8')))

const catalogSlugs = async (): Promise<string[]> =>
  (await client.expect(200, 'GET', '/catalog/v1/courses?limit=100'))
    .as(Courses)
    .items.map(({ slug }) => slug)
    .toSorted()

const openRuns = async (tutor: Account): Promise<CourseRunId[]> => {
  const details = { title: 'Under load', subject: 'programming', language: 'en', summary: 'A course of a test.' }
  const course = await client.expect(201, 'POST', '/v1/courses', { as: tutor, body: details })
  const { courseId } = course.as(z.object({ courseId: CourseId }))
  const lesson = { title: 'The only lesson', content: { kind: 'markdown', markdown: 'Text.' } }
  const body = { sections: [{ title: 'The only section', lessons: [lesson] }] }
  await client.expect(200, 'PUT', `/v1/courses/${courseId}/curriculum`, { as: tutor, body, ifMatch: '"1"' })
  const open = async () => {
    const body = openTerms(FREE, 5)
    const answer = await client.expect(201, 'POST', `/v1/courses/${courseId}/runs`, { as: tutor, body })
    return answer.as(z.object({ courseRunId: CourseRunId })).courseRunId
  }
  const runs = await Promise.all(Array.from({ length: RUNS }, open))
  await client.expect(200, 'POST', `/v1/courses/${courseId}/publish`, { as: tutor })
  return runs
}

/** It ended with one plain sentence, and nothing of it is left. */
const expectRefusal = async (refused: StartedPlatform, words: RegExp): Promise<void> => {
  expect(await refused.exited).toBe(1)
  expect(refused.stderr()).toMatch(words)
  expect(refused.stderr()).not.toMatch(/^ +at /m)
  expect(refused.stderr().trim().split('\n')).toHaveLength(1)
}

describe('a start that cannot be', () => {
  test('a second platform on the same data', async () => {
    const second = spawnPlatform(directory, await freePorts(3))
    await expectRefusal(second, new RegExp(`process ${platform.pid}.* runs on the data in .*--data DIR`))
    expect((await client.call('GET', '/health/live')).status).toBe(200)
  })

  test.each([
    ['API', 0],
    ['catalog', 1],
    ['sandbox', 2],
  ])('the port of the %s in use', async (_part, offset) => {
    const [other, first] = [await makeDataDirectory(), await freePorts(3)]
    const server = createServer().listen(first + offset, '127.0.0.1')
    onTestFinished(async () => {
      server.close()
      await removeDataDirectory(other)
    })
    await once(server, 'listening')
    await expectRefusal(spawnPlatform(other, first), new RegExp(`port ${first + offset} is in use.*--port N`))
    expect(await postgresOf(other)).toBeUndefined()
  })

  test.each([
    ['data of another version', 'version', '0\n', /are of version 0.*reads version 1.*--fresh/],
    ['a directory that holds something else', 'notes.txt', 'mine', /holds something else \(notes\.txt\).*--data DIR/],
  ])('%s', async (_what, name, text, words) => {
    const other = await makeDataDirectory()
    onTestFinished(() => removeDataDirectory(other))
    await writeFile(join(other, name), text)
    await expectRefusal(spawnPlatform(other, await freePorts(3)), words)
    expect(await readdir(other)).toEqual([name])
  })
})

describe('a stop', () => {
  /** What was asked of a platform that is stopping, by clients that heed it as balancers do. */
  interface Traffic {
    readonly failed: string[]
    readonly enrolled: EnrollmentId[]
    answered: number
  }

  const shareLoad = (runs: CourseRunId[], token: string) => {
    const traffic: Traffic = { failed: [], enrolled: [], answered: 0 }
    let turnedAway = false
    const ask = async (method: string, path: string): Promise<string> => {
      const idempotencyKey = crypto.randomUUID()
      const headers = { authorization: `Bearer ${token}`, 'idempotency-key': idempotencyKey }
      try {
        const response = await fetch(platform.apiUrl + path, { method, headers })
        const text = await response.text()
        if (response.headers.get('connection') === 'close') turnedAway = true
        if (response.ok) traffic.answered++
        else traffic.failed.push(`${method} ${path}: ${response.status} ${text}`)
        return text
      } catch (error) {
        traffic.failed.push(`${method} ${path}: ${String(error)}`)
        return ''
      }
    }
    const watchReadiness = async (): Promise<void> => {
      while (!turnedAway) {
        const { status } = await fetch(`${platform.apiUrl}/health/ready`)
        if (status !== 200) turnedAway = true
        await pause(20)
      }
    }
    const read = async (path: string): Promise<void> => {
      while (!turnedAway) {
        await ask('GET', path)
        await pause(10)
      }
    }
    const enroll = async (): Promise<void> => {
      while (!turnedAway) {
        const run = runs.pop()
        if (!run) return
        const text = await ask('POST', `/v1/course-runs/${run}/enrollments`)
        if (text) traffic.enrolled.push(Enrollment.parse(JSON.parse(text)).enrollmentId)
      }
    }
    const done = Promise.all([
      watchReadiness(),
      enroll(),
      enroll(),
      ...['/v1/users/me', '/v1/enrollments', '/catalog/v1/courses'].map(read),
    ])
    return { traffic, done }
  }

  test('under load fails no request, leaves nothing behind, and loses no message', async () => {
    const { tutor, learner } = await credentials()
    const runs = await openRuns(tutor)
    const login = await client.expect(200, 'POST', '/v1/auth/login', { body: learner })
    const { accessToken } = login.as(z.object({ accessToken: z.string() }))
    const slugs = await eventually('the course in the catalog', async () => {
      const found = await catalogSlugs()
      return found.includes('under-load') && found
    })
    const { traffic, done } = shareLoad(runs, accessToken)
    await eventually('some load', async () => traffic.enrolled.length >= RUNS / 4)
    platform.signal('SIGTERM')
    await done
    expect(await platform.exited).toBe(0)
    expect(traffic.failed).toEqual([])
    expect(await postgresOf(directory)).toBeUndefined()
    await Promise.all([port, port + 1, port + 2].map(untilSilent))

    await startAgain()
    expect(await credentials()).toEqual({ tutor, learner })
    const active = await eventually('access to all that was acknowledged', async () => {
      const { items } = (await client.expect(200, 'GET', '/v1/enrollments?limit=100', { as: learner })).as(Enrollments)
      const ids = new Set(items.filter(({ status }) => status === 'ACTIVE').map(({ enrollmentId }) => enrollmentId))
      return traffic.enrolled.every((id) => ids.has(id)) && ids
    })
    expect(active.size).toBe(traffic.enrolled.length)
    expect(await catalogSlugs()).toEqual(slugs)
  })
})

describe('after a kill -9', () => {
  const kill = async (): Promise<number | undefined> => {
    platform.signal('SIGKILL')
    await platform.exited
    await Promise.all([port, port + 1, port + 2].map(untilSilent))
    return postgresOf(directory)
  }

  test('the next start adopts the PostgreSQL that outlived it, with all data', async () => {
    const slugs = await catalogSlugs()
    const orphan = await kill()
    expect(orphan).toBeDefined()
    await startAgain()
    expect(await postgresOf(directory)).toBe(orphan)
    expect(await catalogSlugs()).toEqual(slugs)
  })

  test('a start that forgets all data ends that PostgreSQL first', async () => {
    const orphan = await kill()
    const { learner } = await credentials()
    await startAgain('--fresh')
    expect(await postgresOf(directory)).not.toBe(orphan)
    expect(await catalogSlugs()).not.toContain('under-load')
    expect((await credentials()).learner.password).not.toBe(learner.password)
  })
})
