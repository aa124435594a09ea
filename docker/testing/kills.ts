import type { Kill } from '#services/embedded/testing/crash/crashing-platform.ts'
import { z } from 'zod'
import { SERVICES, type ServiceName } from '../stack/options.ts'
import type { TestStack } from './test-stack.ts'

/** Processes of a stack that die one after the other, those of different services at the same time. */
export interface Kills {
  /** Where processes died so far. */
  readonly killed: readonly Kill[]
  /** Lets those live that have not died yet. */
  stop(): Promise<void>
}

const serviceOf = ({ failpoint }: Kill): ServiceName => z.enum(SERVICES).parse(failpoint.split('.')[0])

/**
 * Lets the oldest process of each service die at the next of its places. It is replaced once it is dead, or stays so where
 * another instance is there to take over.
 */
export const startKills = (test: TestStack, kills: readonly Kill[], after: 'restart' | 'takeover'): Kills => {
  const { rotation, stopInstance } = test.stack
  const over = Promise.withResolvers<void>()
  const killed: Kill[] = []

  const killAll = async (service: ServiceName, planned: readonly Kill[]): Promise<void> => {
    for (const kill of planned) {
      const instance = rotation.all().find((each) => each.service === service)
      if (!instance) throw new Error(`Nothing of ${service} is left to kill.`)
      await test.order(instance, { order: 'die-at', ...kill })
      await Promise.race([instance.child.ended, over.promise])
      if (instance.child.isAlive()) return void (await test.order(instance, { order: 'live-on' }))
      killed.push(kill)
      await stopInstance(instance)
      if (after === 'restart') await test.start(service)
    }
  }
  const running = Promise.all([...Map.groupBy(kills, serviceOf)].map(([service, planned]) => killAll(service, planned)))
  running.catch(() => undefined)
  return {
    killed,
    stop: async () => {
      over.resolve()
      await running
    },
  }
}
