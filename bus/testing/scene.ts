import { afterEach, beforeEach } from 'vitest'
import { createManualClock, type ManualClock } from './clock.ts'
import type { BusFixture, MakeFixture, TestProcess } from './fixture.ts'

/** Empty stores for each test of a suite, and the first process on them. */
export interface Scene {
  readonly clock: ManualClock
  readonly process: TestProcess
  /** Another process of the same service. */
  another(): TestProcess
}

/** The scene of the running test; call it inside of one. */
export const sceneOf = (make: MakeFixture): (() => Scene) => {
  let fixture: BusFixture | undefined
  let scene: Scene | undefined
  beforeEach(async () => {
    const clock = createManualClock()
    const made = await make(clock)
    fixture = made
    scene = { clock, process: made.start(), another: () => made.start() }
  })
  afterEach(() => fixture?.end())
  return () => {
    if (!scene) throw new Error('A scene exists inside of a test only.')
    return scene
  }
}
