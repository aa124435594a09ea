import { createServer } from 'node:net'
import { freePort } from './platform.ts'

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.on('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** The first of three ports in a row that nobody used a moment ago. */
export const threeFreePorts = async (): Promise<number> => {
  const first = await freePort()
  const free = first < 65_534 && (await isFree(first + 1)) && (await isFree(first + 2))
  return free ? first : threeFreePorts()
}
