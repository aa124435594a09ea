import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publishCourse, readEnrollment } from '#services/embedded/testing/courses.ts'
import { signedInCrowd } from '#services/embedded/testing/crowd.ts'
import { checkMoneyAndSeats } from '#services/embedded/testing/invariants.ts'
import { makePerson } from '#services/embedded/testing/people.ts'
import { eventually } from '#services/embedded/testing/poll.ts'
import { SERVICES } from './stack/options.ts'
import { untilCatalogIsRight } from './testing/stack-catalog.ts'
import { canRunStack, startTestStack, type TestStack } from './testing/test-stack.ts'
import { startTraffic } from './testing/traffic.ts'

const LEARNERS = 200
const FREE = { amount: 0, currency: 'EUR' } as const
const PRICE = { amount: 4900, currency: 'EUR' } as const
/** More answers from all of the services than one of their processes has under way. */
const SOME = 30

describe.runIf(canRunStack)('a rolling restart', () => {
  let stack: TestStack
  beforeAll(async () => {
    stack = await startTestStack()
  })
  afterAll(() => stack.stop())

  test('under load fails no request and loses no message', { timeout: 120_000 }, async () => {
    const tutor = await makePerson(stack, 'learner', 'tutor')
    const free = await publishCourse(stack, tutor, { title: 'For nothing', price: FREE, capacity: LEARNERS })
    const paid = await publishCourse(stack, tutor, { title: 'For money', price: PRICE, capacity: LEARNERS })
    const learners = await signedInCrowd(stack, LEARNERS)
    const traffic = startTraffic(stack.stack.apiUrl, tutor, learners, [free.courseRunId, paid.courseRunId])
    const more = async (): Promise<void> => {
      const before = traffic.answered()
      await eventually('more traffic', async () => traffic.answered() >= before + SOME)
    }
    try {
      for (const service of SERVICES) {
        await more()
        const [old] = stack.stack.rotation.readyOf(service)
        await stack.start(service)
        await more()
        if (old) await stack.stack.stopInstance(old)
        expect(old?.child.isAlive()).toBe(false)
      }
      await more()
    } finally {
      await traffic.stop()
    }
    expect(traffic.failed.slice(0, 10)).toEqual([])
    process.stdout.write(`rolling restart: ${traffic.answered()} answers, ${traffic.enrolled.length} enrollments\n`)

    // A seat without a price is one's own; the others wait for their payment.
    await eventually('the ends of what was acknowledged', async () => {
      for (const { learner, enrollmentId } of traffic.enrolled) {
        const { status, paymentId } = await readEnrollment(stack, learner, enrollmentId)
        if (status !== 'ACTIVE' && paymentId === undefined) return false
      }
      return true
    })
    await checkMoneyAndSeats(stack)
    await untilCatalogIsRight(stack)
  })
})
