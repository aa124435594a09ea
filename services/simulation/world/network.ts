import { SECOND } from '#domain/kernel/clock.ts'
import { createMemoryTransport } from '#bus/transports/memory/memory.ts'
import type { Receive, Transport } from '#bus/transports/transport.ts'
import { drawDelayMs, type Faults } from '../engine/faults.ts'
import type { Scheduler } from '../engine/scheduler.ts'

/** As the memory transport's own, which runs on real time. */
const TIMEOUT_MS = 10 * SECOND

export interface NetworkOptions {
  readonly scheduler: Scheduler
  readonly faults: () => Faults
  /** The way into a service that runs now; throws when none of its processes does. */
  readonly doorOf: (service: string) => Receive
}

/** The memory transport with everything that goes wrong between processes; it outlives all of them. */
export const createNetwork = ({ scheduler, faults, doorOf }: NetworkOptions): Transport => {
  const { random } = scheduler
  const connected = new Set<string>()

  const echo = async (receive: Receive, ...[message]: Parameters<Receive>): Promise<void> => {
    await scheduler.sleep(drawDelayMs(random), 'an echo arrives')
    // Its sender has its answer already: what becomes of the copy is nobody's business.
    await receive({ ...message, lastAttempt: false }).catch(() => undefined)
  }

  const transport = createMemoryTransport({
    timeoutMs: Number.POSITIVE_INFINITY,
    maxAttempts: random.pick([3, 12]),
    disturb: ({ type }, service) => {
      const { lose, duplicate, delay } = faults()
      return {
        copies: random.chance(lose) ? 0 : random.chance(duplicate) ? 2 : 1,
        ...(random.chance(delay) && { delay: scheduler.sleep(drawDelayMs(random), `${type} reaches ${service}`) }),
      }
    },
  })

  return {
    ...transport,
    deliver: (messages) => {
      const late = () => messages.map(() => ({ accepted: false, reason: `No answer within ${TIMEOUT_MS} ms` }) as const)
      return scheduler.within(TIMEOUT_MS, transport.deliver(messages), late)
    },
    connect: (service, subscriptions) => {
      if (connected.has(service)) return
      connected.add(service)
      transport.connect(service, subscriptions, async (message) => {
        if (random.chance(faults().echo)) void echo((copy) => doorOf(service)(copy), message)
        await doorOf(service)(message)
      })
    },
  }
}
