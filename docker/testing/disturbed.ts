import { setTimeout as pause } from 'node:timers/promises'
import type { AwsClients } from '#bus/transports/aws/clients.ts'
import { disturbPolls } from '#bus/transports/aws/testing/faults.ts'
import { createSeededRandom } from '#services/embedded/demo/random.ts'

/** How often messages of a process came twice or late. */
export interface Disturbed {
  duplicated: number
  reordered: number
}

const LATE_MS = 500

/** Of all messages that arrive, this share comes twice, and the same share after later ones. */
export const disturbShare = async (clients: AwsClients, share: number, counted: Disturbed): Promise<void> => {
  const random = createSeededRandom(process.pid)
  await disturbPolls(clients, () => {
    const chance = random.next()
    if (chance < share) {
      counted.duplicated++
      return { copies: 2 }
    }
    if (chance >= 2 * share) return { copies: 1 }
    counted.reordered++
    return { copies: 1, delay: pause(LATE_MS) }
  })
}
