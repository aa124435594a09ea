import { once } from 'node:events'
import { inspect } from 'node:util'
import { createAdaptorServer, type ServerType } from '@hono/node-server'
import { sandboxApp } from './app.ts'
import { createProvider } from './http/provider.ts'
import { type SandboxOptions, SandboxSettings } from './options.ts'

export interface Sandbox {
  /** Starts to answer, and to deliver what an earlier run left; port 0 takes a free one. */
  listen(port: number, hostname?: string): Promise<{ port: number; baseUrl: string }>
  /** Cuts every connection, stops deliveries (the next start resumes them) and closes the database. */
  close(): Promise<void>
}

const portOf = (server: ServerType): number => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The sandbox listens on no port')
  return address.port
}

const stopServing = async (server: ServerType): Promise<void> => {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  if ('closeAllConnections' in server) server.closeAllConnections()
  await closed
}

const writeError = (error: unknown): void => {
  process.stderr.write(`payment sandbox: ${inspect(error)}\n`)
}

/**
 * A stateful stand-in for Stripe: the part of its API that the platform uses, behind the same HTTP, with its own
 * ledger and misbehaviour on demand (`POST /sandbox/faults`). Wrong options throw at once.
 */
export const createSandbox = ({ now = Date.now, reportError = writeError, ...options }: SandboxOptions): Sandbox => {
  const closing = new AbortController()
  let baseUrl = ''
  let ahead = 0
  const provider = createProvider(SandboxSettings.parse(options), {
    now: () => now() + ahead,
    moveClock: (aheadMs) => {
      ahead = aheadMs
    },
    baseUrl: () => baseUrl,
    closing: closing.signal,
    reportError,
  })
  const server = createAdaptorServer({
    fetch: sandboxApp(provider).fetch,
    // Longer than any client keeps an idle connection, so that no request meets one that is just being closed.
    serverOptions: { keepAliveTimeout: 65_000 },
  })
  return {
    listen: async (port, hostname = '127.0.0.1') => {
      server.listen(port, hostname)
      await once(server, 'listening')
      baseUrl = `http://${hostname}:${portOf(server)}`
      provider.dispatcher?.wake()
      return { port: portOf(server), baseUrl }
    },
    close: async () => {
      if (closing.signal.aborted) return
      closing.abort()
      await stopServing(server)
      await provider.dispatcher?.close()
      provider.database.close()
    },
  }
}
