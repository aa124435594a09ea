import { describe, expect, test } from 'vitest'
import { createMemoryBusStores } from '../memory/stores.ts'
import { createManualClock } from '../testing/clock.ts'
import { ORIGIN, SERVICE } from '../testing/fixture.ts'
import { createTestIds } from '../testing/ids.ts'
import { resolveNothing } from '../testing/service.ts'
import { anonymous } from './actor.ts'
import { createBuses } from './buses.ts'
import { handler } from './handler.ts'
import { createLocalEvents } from './local-events.ts'
import { createPipeline } from './pipeline.ts'
import { Reset, tally } from './testing/tally.ts'

describe('the buses', () => {
  const call = { actor: anonymous, origin: ORIGIN }

  test('stop the start where two handlers claim one command', () => {
    const twice = [handler(Reset, {}, async () => ({ total: 0 })), handler(Reset, {}, async () => ({ total: 1 }))]
    const { store, idempotency } = createMemoryBusStores({
      service: SERVICE,
      ids: createTestIds(),
      clock: createManualClock(),
    })
    const local = createLocalEvents([], resolveNothing)
    const pipeline = createPipeline({ store, idempotency, local, clock: createManualClock(), ids: createTestIds() })
    expect(() => createBuses(pipeline, twice, [], resolveNothing)).toThrow('Two handlers claim "tally.reset".')
  })

  test('say how to help where nothing handles a command', async () => {
    const { buses } = tally()
    expect(() => buses.execute(Reset, {}, call)).toThrow('Nothing handles "tally.reset". help: list its handler')
  })

  test('list what they run', () => {
    expect(tally().buses.definitions.map(({ type }) => type)).toEqual(['tally.add', 'tally.pay', 'tally.total'])
  })
})
