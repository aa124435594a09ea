import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { type CourseRunId, EnrollmentId } from '#domain/kernel/ids.ts'
import type { Person } from '#services/embedded/testing/people.ts'

/** What clients ask of a platform all the time, and what came of it. */
export interface Traffic {
  /** Requests that failed: how the client saw it. */
  readonly failed: readonly string[]
  /** What was acknowledged, and whose it is. */
  readonly enrolled: readonly { readonly learner: Person; readonly enrollmentId: EnrollmentId }[]
  /** How many requests were answered. */
  answered(): number
  /** Ends it once what is under way is answered. */
  stop(): Promise<void>
}

/** Paths that are read; between them, all services answer. */
const READ = ['/v1/users/me', '/v1/enrollments', '/v1/courses', '/v1/payments']
const REST_MS = 20
const Acknowledged = z.object({ enrollmentId: EnrollmentId })

/**
 * Somebody reads of all services, and learners enroll one after the other, each in each of the runs. What fails is not
 * asked again.
 */
export const startTraffic = (
  baseUrl: string,
  reader: Person,
  learners: readonly Person[],
  runs: readonly CourseRunId[],
): Traffic => {
  const failed: string[] = []
  const enrolled: { learner: Person; enrollmentId: EnrollmentId }[] = []
  const seats = learners.flatMap((learner) => runs.map((run) => ({ learner, run }))).values()
  let answered = 0
  let stopped = false

  const ask = async (method: string, path: string, { token }: Person): Promise<string | undefined> => {
    const sent = new Date().toISOString()
    try {
      const response = await fetch(baseUrl + path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'idempotency-key': crypto.randomUUID() },
        signal: AbortSignal.timeout(20_000),
      })
      const text = await response.text()
      answered++
      if (response.ok) return text
      failed.push(`${sent} ${method} ${path}: ${response.status} ${text}`)
    } catch (error) {
      failed.push(`${sent} ${method} ${path}: ${String(error)}`)
    }
    return undefined
  }
  const read = async (path: string): Promise<void> => {
    while (!stopped) {
      await ask('GET', path, reader)
      await pause(REST_MS)
    }
  }
  const enroll = async (): Promise<void> => {
    for (const { learner, run } of seats) {
      if (stopped) return
      const text = await ask('POST', `/v1/course-runs/${run}/enrollments`, learner)
      if (text !== undefined) enrolled.push({ learner, ...Acknowledged.parse(JSON.parse(text)) })
      await pause(REST_MS)
    }
  }
  const loops = [enroll(), enroll(), ...READ.map(read)]
  return {
    failed,
    enrolled,
    answered: () => answered,
    stop: async () => {
      stopped = true
      await Promise.all(loops)
    },
  }
}
