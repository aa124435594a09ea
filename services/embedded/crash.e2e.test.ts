import { afterAll, describe, expect, test } from 'vitest'
import { registeredFailpoints } from '#bus/failpoints.ts'
import { runCrashCase } from './testing/crash/crash-case.ts'
import type { Kill } from './testing/crash/crashing-platform.ts'
import { DisturbanceName } from './testing/crash/disturbance.ts'
import { openLanes } from './testing/crash/lanes.ts'
import { isOffTheJourneys } from './testing/crash/off-the-journeys.ts'

/** All cases (`CRASH=all`), or a few that die often. */
const ALL = process.env['CRASH'] === 'all'

const lanes = await openLanes(ALL ? 2 : 1)
afterAll(() => lanes.close())
// The platform that prepared the scenes has registered what there is.
const failpoints = registeredFailpoints().filter((name) => !isOffTheJourneys(name))

const twinOf = (name: string): string =>
  name.includes('before') ? name.replace('before', 'after') : name.replace('after', 'before')

/** `payment.flush.before_commit` is of the kind `flush commit`. */
const kindOf = (name: string): string =>
  name
    .replace(/^\w+\./, '')
    .replace(/saga\.\w+\./, 'saga.')
    .replace(/(before|after)_?/, '')
    .replaceAll('.', ' ')
    .trim()

describe('the register of places to die', () => {
  test('has one before and one after each effect', () => {
    expect(failpoints.filter((name) => !failpoints.includes(twinOf(name)))).toEqual([])
  })

  test('knows every kind of effect', () => {
    expect([...new Set(failpoints.map(kindOf))].toSorted()).toEqual([
      'catalog project',
      'flush commit',
      'message receive',
      'provider cancel_intent',
      'provider create_intent',
      'provider create_refund',
      'provider sync_intent',
      'provider sync_refund',
      'relay accept',
      'relay deliver',
      'saga step',
      'saga timer',
      'webhook ingest',
    ])
  })
})

const at = (failpoint: string, hit = 1): Kill => ({ failpoint, hit })

/** Each process of a case dies at the next of these, in the order in which a journey comes there. */
const FEW: Record<DisturbanceName, readonly Kill[]> = {
  fresh: [
    at('learning.catalog.before_project'),
    at('learning.flush.after_commit'),
    at('payment.provider.create_intent.after'),
    at('payment.webhook.after_ingest'),
    at('learning.saga.CourseEnrollment.before_timer'),
  ],
  duplicate: [
    at('user.relay.after_deliver'),
    at('payment.flush.after_commit'),
    at('learning.relay.before_accept'),
    at('payment.provider.create_refund.after'),
    at('learning.saga.CourseEnrollment.after_timer'),
  ],
  'out of order': [
    at('learning.message.before_receive'),
    at('payment.relay.before_accept'),
    at('learning.saga.CourseEnrollment.after_step'),
    at('payment.provider.sync_intent.after'),
    at('payment.provider.cancel_intent.before'),
  ],
}

const CASE_MS = 120_000

describe.skipIf(ALL)('money = seats when processes die one after the other', () => {
  test.each(DisturbanceName.options)('and messages arrive %s', { timeout: CASE_MS }, async (disturb) => {
    const kills = FEW[disturb]
    const killed = await lanes.use((scene) => runCrashCase(scene, disturb, kills))
    expect(killed).toEqual(kills)
  })
})

describe.runIf(ALL).concurrent.each(DisturbanceName.options)('money = seats when messages arrive %s', (disturb) => {
  // What waits for a lane waits within its time.
  test.each(failpoints)('and a process dies at %s', { timeout: 10 * CASE_MS }, async (failpoint) => {
    const kills = [at(failpoint), at(failpoint, 3)]
    const killed = await lanes.use((scene) => runCrashCase(scene, disturb, kills))
    expect(killed[0]).toEqual(kills[0])
  })
})
