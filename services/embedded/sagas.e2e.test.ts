import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '#domain/kernel/clock.ts'
import { readArguments } from '#services/cli/bus/arguments.ts'
import { runDeadLetters } from '#services/cli/bus/run-dead-letters.ts'
import { SagaLine, type SagaStatus, SagaView } from '#services/kit/operations/sagas/saga-view.ts'
import postgres from 'postgres'
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { type PublishedCourse, publishCourse } from './testing/courses.ts'
import { type Enrolling, signInAgain, startEnrolling, startLearning, untilStatus } from './testing/enrolling.ts'
import { checkMoneyAndSeats } from './testing/invariants.ts'
import { makePerson, type Person, signIn } from './testing/people.ts'
import { startTestPlatform, type TestPlatform } from './testing/platform.ts'
import { eventually } from './testing/poll.ts'

const Sagas = z.object({ items: z.array(SagaLine), nextCursor: z.string().optional() })
const Problem = z.object({ code: z.string() })

let platform: TestPlatform
let admin: Person
let course: PublishedCourse
beforeAll(async () => {
  platform = await startTestPlatform()
  admin = await makePerson(platform, 'learner', 'admin')
  const tutor = await makePerson(platform, 'learner', 'tutor')
  const price = { amount: 4900, currency: 'EUR' } as const
  course = await publishCourse(platform, tutor, { title: 'A saga', price, capacity: 10 })
})
afterAll(() => platform.stop())

const pathOf = ({ enrollmentId }: Enrolling) => `/v1/sagas/learning/CourseEnrollment:${enrollmentId}`
const ask = (method: string, path: string) => platform.client.call(method, path, { token: admin.token })
const sagaOf = async (enrolling: Enrolling) => (await ask('GET', pathOf(enrolling))).as(SagaView)
const listed = async (query: string) => (await ask('GET', `/v1/sagas/learning?${query}`)).as(Sagas)
const keysOf = async (query: string) => (await listed(query)).items.map(({ key }) => key)
const untilSaga = (enrolling: Enrolling, status: z.infer<typeof SagaStatus>) =>
  eventually(`a ${status} saga`, async () => {
    const saga = await sagaOf(enrolling)
    return saga.status === status && saga
  })

describe('an operator', () => {
  test('reads how an enrollment went, step by step', async () => {
    const enrolling = await startLearning(platform, course)
    const saga = await untilSaga(enrolling, 'completed')
    expect(saga.journal.map(({ message }) => message)).toEqual([
      'started',
      'replied charge',
      'replied recordPayment',
      'event payment.completed',
      'replied activate',
    ])
    expect(saga).toMatchObject({
      pivoted: true,
      pending: [],
      timers: {},
      compensations: ['releaseSeat', 'cancelPayment'],
    })
  })

  test('finds what waits, and what has waited for long, page by page', async () => {
    const [first, second] = [await startEnrolling(platform, course), await startEnrolling(platform, course)]
    expect(await keysOf('status=running')).toEqual([second.enrollmentId, first.enrollmentId])
    expect(await keysOf('status=running&stuckForMinutes=5')).toEqual([])
    await platform.forward(6 * MINUTE)
    admin = await signIn(platform, admin)
    const page = await listed('status=running&stuckForMinutes=5&limit=1')
    expect(page.items.map(({ key }) => key)).toEqual([second.enrollmentId])
    const next = `status=running&stuckForMinutes=5&limit=1&cursor=${page.nextCursor}`
    expect(await keysOf(next)).toEqual([first.enrollmentId])
    expect((await sagaOf(first)).timers).toHaveProperty('payment')
  })

  test('sees the definition as a diagram', async () => {
    const answer = await ask('GET', '/v1/sagas/learning/definitions/CourseEnrollment')
    const { mermaid } = answer.as(z.object({ mermaid: z.string() }))
    expect(mermaid).toMatch(/^flowchart LR/)
    for (const name of ['payment.process', 'payment.completed', 'activate (pivot)', 'releaseSeat'])
      expect(mermaid).toContain(name)
  })

  test('turns back what may still turn back, and nothing else', async () => {
    const waiting = await startEnrolling(platform, course)
    expect((await ask('POST', `${pathOf(waiting)}/cancel`)).status).toBe(202)
    await untilSaga(waiting, 'cancelled')
    await untilStatus(platform, waiting, 'CANCELLED')
    const again = await ask('POST', `${pathOf(waiting)}/cancel`)
    expect([again.status, again.as(Problem).code]).toEqual([409, 'SAGA_ENDED'])
    const retried = await ask('POST', `${pathOf(waiting)}/retry`)
    expect(retried.status).toBe(409)
    expect((await ask('GET', '/v1/sagas/learning/CourseEnrollment:enr_nobody')).status).toBe(404)
  })

  test('is not a learner', async () => {
    const { learner } = await startEnrolling(platform, course)
    const { status } = await platform.client.call('GET', '/v1/sagas/learning', { token: learner.token })
    expect(status).toBe(403)
  })
})

describe('a service that is broken for a day', () => {
  /** Nothing that the payment service does with purchases works meanwhile. */
  const renamePurchases = async (from: string, to: string): Promise<void> => {
    const sql = postgres(platform.databaseUrl, { max: 1 })
    await sql`alter table payment.${sql(from)} rename to ${sql(to)}`
    await sql.end()
  }
  const bus = async (...args: string[]): Promise<string> => {
    const { email, password } = admin
    const read = readArguments([
      'dlq',
      ...args,
      '--url',
      platform.client.baseUrl,
      '--email',
      email,
      '--password',
      password,
    ])
    if (read.kind !== 'dlq') throw new Error(JSON.stringify(read))
    const lines: string[] = []
    const out = (line: string): void => void lines.push(line)
    await runDeadLetters(read.options, { terminal: { out, error: out }, wait: setTimeout })
    return lines.join('\n')
  }

  test('parks what needs it, visibly; a retry finishes it, and its dead letters are redriven', async () => {
    const before = await startEnrolling(platform, course)
    await renamePurchases('purchases', 'purchases_lost')
    const leave = { token: before.learner.token }
    await platform.client.expect(202, z.unknown(), 'DELETE', `/v1/enrollments/${before.enrollmentId}`, leave)
    await platform.forward(25 * HOUR)
    admin = await signIn(platform, admin)
    const parked = await untilSaga(before, 'parked')
    expect(parked.fault?.code).toBe('SAGA_DEADLINE')
    expect(await keysOf('status=parked')).toContain(before.enrollmentId)

    await eventually('a dead letter', async () => {
      await platform.forward(MINUTE)
      return (await bus('ls', '--service', 'payment')).includes('payment.cancel')
    })
    await renamePurchases('purchases_lost', 'purchases')
    // What was held back is due.
    await platform.forward(MINUTE)
    admin = await signIn(platform, admin)
    expect((await ask('POST', `${pathOf(before)}/retry`)).status).toBe(202)
    await untilSaga(before, 'cancelled')
    await untilStatus(platform, await signInAgain(platform, before), 'CANCELLED')
    expect(await bus('redrive', '--all')).toContain('redriven')
    await eventually('no dead letters', async () => !(await bus('ls')).includes('payment.cancel'))
    await checkMoneyAndSeats(platform)
  })
})
