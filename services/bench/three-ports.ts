import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the ports that systems give to outgoing connections, so that none of them is taken in between. */
const FIRST = 20_000
const LAST = 32_000

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}

/** The first of three loopback ports in a row that nobody listens on. */
export const findThreePorts = async (): Promise<number> => {
  for (let port = FIRST; port < LAST; port += 3) {
    const free = await Promise.all([port, port + 1, port + 2].map(isFree))
    if (free.every(Boolean)) return port
  }
  throw new Error('There are no three free ports in a row.')
}
