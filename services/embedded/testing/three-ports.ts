import { randomInt } from 'node:crypto'
import { assertPortFree } from '#services/kit/hosts/listener.ts'

const isFree = (port: number): Promise<boolean> =>
  assertPortFree(port, '127.0.0.1').then(
    () => true,
    () => false,
  )

/**
 * The first of three ports in a row that nobody used a moment ago. They lie below those that the system hands out by
 * itself: PostgreSQL, started meanwhile on a free port, would now and then get one of them.
 */
export const threeFreePorts = async (): Promise<number> => {
  const first = randomInt(15_000, 30_000)
  const free = await Promise.all([first, first + 1, first + 2].map(isFree))
  return free.every(Boolean) ? first : threeFreePorts()
}
