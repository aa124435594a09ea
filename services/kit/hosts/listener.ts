import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { serve } from '@hono/node-server'

/** Anything that answers requests. */
export type Fetch = (request: Request, env: unknown) => Response | Promise<Response>

/** An HTTP listener that can be drained. */
export interface Listener {
  readonly port: number
  /** True once the drain has begun: readiness says no, and answers ask their clients to hang up. */
  draining(): boolean
  /**
   * Says "not ready" for `graceMs`, in which balancers turn away, then takes no new connection, finishes the requests
   * under way and closes.
   */
  drain(graceMs: number): Promise<void>
}

/** The port is taken by somebody else. */
export class PortInUse extends Error {
  override name = 'PortInUse'
  readonly port: number
  constructor(port: number, options: ErrorOptions) {
    super(`The port ${port} is in use.`, options)
    this.port = port
  }
}

/** How long a drain waits for the first request of a connection; browsers keep spare ones that never send any. */
const FIRST_REQUEST_MS = 500

/** A client that has not sent its request by then is cut off. */
export const SLOWEST_REQUEST_MS = 30_000

const isInUse = (error: Error): boolean => 'code' in error && error.code === 'EADDRINUSE'

const isServer = (server: unknown): server is Server =>
  typeof server === 'object' && server !== null && 'closeIdleConnections' in server

/** Follows the open connections of a server; returns what hangs up on those that have sent nothing. */
const followConnections = (server: Server): (() => void) => {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
  }
}

/** Listens on `hostname:port` (0 takes a free one). Throws `PortInUse`. */
export const listen = (fetch: Fetch, port: number, hostname: string): Promise<Listener> => {
  let draining = false
  const { promise, resolve, reject } = Promise.withResolvers<Listener>()
  const answer: Fetch = async (request, env) => {
    const response = await fetch(request, env)
    if (draining) response.headers.set('connection', 'close')
    return response
  }
  const server = serve(
    { fetch: answer, port, hostname, serverOptions: { requestTimeout: SLOWEST_REQUEST_MS } },
    (address) =>
      resolve({
        port: address.port,
        draining: () => draining,
        drain: async (graceMs) => {
          draining = true
          await new Promise((done) => setTimeout(done, graceMs))
          const closed = new Promise<void>((done) => server.close(() => done()))
          if (isServer(server)) server.closeIdleConnections()
          const hangingUp = setTimeout(hangUpOnSilent, FIRST_REQUEST_MS)
          await closed
          clearTimeout(hangingUp)
        },
      }),
  )
  const hangUpOnSilent = isServer(server) ? followConnections(server) : () => undefined
  server.on('error', (error: Error) => reject(isInUse(error) ? new PortInUse(port, { cause: error }) : error))
  return promise
}

/** Throws `PortInUse` where somebody listens on the port already; 0 is always free. */
export const assertPortFree = async (port: number, hostname: string): Promise<void> => {
  const listener = await listen(() => new Response(), port, hostname)
  await listener.drain(0)
}
