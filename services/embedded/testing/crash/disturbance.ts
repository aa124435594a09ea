import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { MemoryTransportOptions } from '#bus/transports/memory/memory.ts'
import { createSeededRandom } from '../../demo/random.ts'

/** How messages arrive: once and in order, each twice, or late, lost, and again after later ones. */
export const DisturbanceName = z.enum(['fresh', 'duplicate', 'out of order'])
export type DisturbanceName = z.infer<typeof DisturbanceName>

const LOST = 0.1
const AGAIN = 0.4

/** What the transport of a crash host does to its messages. */
export const disturbanceOf = (name: DisturbanceName): NonNullable<MemoryTransportOptions['disturb']> => {
  const random = createSeededRandom(process.pid)
  switch (name) {
    case 'fresh':
      return () => ({ copies: 1 })
    case 'duplicate':
      return () => ({ copies: 2 })
    case 'out of order':
      return () => ({
        copies: random.next() < LOST ? 0 : 1,
        delay: pause(random.integer(0, 60)),
        ...(random.next() < AGAIN && { again: pause(random.integer(100, 800)) }),
      })
  }
}
