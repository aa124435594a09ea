import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Kill } from '#services/embedded/testing/crash/crashing-platform.ts'
import { liveThrough } from '#services/embedded/testing/crash/live-through.ts'
import { isOffTheJourneys } from '#services/embedded/testing/crash/off-the-journeys.ts'
import { prepareJourneys } from '#services/embedded/testing/crash/scene.ts'
import { startKills } from './testing/kills.ts'
import { stackCatalogDifferences } from './testing/stack-catalog.ts'
import { canRunStack, startTestStack, type TestStack } from './testing/test-stack.ts'

/** All cases (`STACK_CRASH=all`), or a few that die often. */
const ALL = process.env['STACK_CRASH'] === 'all'

const stack = canRunStack ? await startTestStack() : undefined
const scene = stack && (await prepareJourneys(stack))
afterAll(() => stack?.stop())

const Names = z.array(z.string())
const failpointsOf = async (test: TestStack): Promise<string[]> => {
  const instances = test.stack.rotation.all()
  const names = await Promise.all(instances.map((instance) => test.order(instance, { order: 'list-failpoints' })))
  return [...new Set(names.flatMap((each) => Names.parse(each)))].toSorted()
}
/**
 * What the stack has besides: nobody is suspended, payment listens to no event and is asked nothing over a queue that
 * somebody waits for. What publishes is killed at the relay, right before and after it.
 */
const UNUSED = /^(?:user\.events|payment\.events|payment\.lane|aws\.publisher)\./
const isReached = (failpoint: string): boolean => !UNUSED.test(failpoint) && !isOffTheJourneys(failpoint)
const failpoints = stack ? (await failpointsOf(stack)).filter(isReached) : []

const at = (failpoint: string, hit = 1): Kill => ({ failpoint, hit })

const byName = (kills: readonly Kill[]): readonly Kill[] =>
  kills.toSorted((a, b) => a.failpoint.localeCompare(b.failpoint))

const liveAndDie = async (kills: readonly Kill[], after: 'restart' | 'takeover'): Promise<readonly Kill[]> => {
  if (!scene) return []
  const { test: stackUnderTest } = scene
  const dying = startKills(stackUnderTest, kills, after)
  try {
    await liveThrough(scene, {
      url: stackUnderTest.stack.apiUrl,
      forward: stackUnderTest.forward,
      catalogDifferences: () => stackCatalogDifferences(stackUnderTest),
    })
  } finally {
    await dying.stop()
  }
  return dying.killed
}

const CASE_MS = 120_000

/** A process of each service dies at the next of these as soon as the one before it has been replaced. */
const FEW: readonly Kill[] = [
  at('user.relay.before_deliver'),
  at('learning.relay.after_deliver'),
  at('learning.events.before_delete', 2),
  at('learning.saga.CourseEnrollment.after_step'),
  at('payment.message.before_receive'),
  at('payment.provider.create_intent.after'),
  at('payment.relay.before_accept'),
]

describe.skipIf(ALL || !canRunStack)('money = seats when processes of services die', () => {
  test('and are started again', { timeout: CASE_MS }, async () => {
    expect(byName(await liveAndDie(FEW, 'restart'))).toEqual(byName(FEW))
  })

  test('in the midst of a batch, and others take over from them', { timeout: CASE_MS }, async () => {
    await Promise.all([stack?.start('learning'), stack?.start('payment')])
    const kills = [at('learning.events.after_delete'), at('payment.commands.before_delete', 2)]
    expect(byName(await liveAndDie(kills, 'takeover'))).toEqual(byName(kills))
  })
})

describe.runIf(ALL && canRunStack)('money = seats when a process of a service dies', () => {
  test.each(failpoints)('at %s', { timeout: CASE_MS }, async (failpoint) => {
    const kills = [at(failpoint), at(failpoint, 3)]
    expect((await liveAndDie(kills, 'restart'))[0]).toEqual(kills[0])
  })
})
