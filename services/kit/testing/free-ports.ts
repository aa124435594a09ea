import { randomInt } from 'node:crypto'
import { assertPortFree } from '#services/kit/hosts/listener.ts'

const isFree = (port: number): Promise<boolean> =>
  assertPortFree(port, '127.0.0.1').then(
    () => true,
    () => false,
  )

/**
 * The first of so many ports in a row that nobody used a moment ago. They lie below those that the system hands out by
 * itself: whatever starts on a free port, or connects, before these are taken would now and then get one of them.
 */
export const freePorts = async (count: number): Promise<number> => {
  const first = randomInt(15_000, 30_000)
  const free = await Promise.all(Array.from({ length: count }, (_, at) => isFree(first + at)))
  return free.every(Boolean) ? first : freePorts(count)
}
