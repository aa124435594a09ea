import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { ServiceOf } from './route-table.ts'

export interface ProxyOptions {
  readonly port: number
  readonly host: string
  readonly serviceOf: ServiceOf
  /** Base URLs of a service's instances that take requests now, e.g. `http://127.0.0.1:4711`. */
  readonly instancesOf: (service: string) => readonly string[]
  /** Where paths go that no document knows: it answers them with its own 404. */
  readonly fallback: string
}

export interface Proxy {
  readonly port: number
  close(): Promise<void>
}

/** They speak about one connection and do not travel (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

const endToEnd = (headers: IncomingMessage['headers']): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || HOP_BY_HOP.has(name) ? [] : [[name, value]],
    ),
  )

/** `X-Forwarded-For` with the peer of this hop at its end, as the services behind one proxy count on. */
const forwarded = ({ headers, socket }: IncomingMessage): string =>
  [headers['x-forwarded-for'], socket.remoteAddress].flat().filter(Boolean).join(', ')

const unavailable = (response: ServerResponse): void => {
  if (response.headersSent) response.destroy()
  else response.writeHead(503, { 'retry-after': '1', 'cache-control': 'no-store' }).end()
}

/**
 * The load balancer of a platform without one: routes by the services' documents, in turn over the instances that are
 * ready, and asks another instance when one cannot be connected to, which is safe because that one has seen nothing.
 */
export const startProxy = ({ port, host, serviceOf, instancesOf, fallback }: ProxyOptions): Promise<Proxy> => {
  const agent = new Agent({ keepAlive: true })
  let turn = 0

  const forward = (incoming: IncomingMessage, response: ServerResponse, candidates: readonly string[]): void => {
    const [instance, ...others] = candidates
    if (instance === undefined) return unavailable(response)
    const headers = { ...endToEnd(incoming.headers), 'x-forwarded-for': forwarded(incoming) }
    const { hostname, port: instancePort } = new URL(instance)
    const { method = 'GET', url: path = '/' } = incoming
    const outgoing = request({ hostname, port: instancePort, method, path, headers, agent })
    outgoing.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers))
      answer.pipe(response)
      answer.on('error', () => response.destroy())
    })
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // A kept connection that the instance has just closed says nothing of the instance.
      const isStale = outgoing.reusedSocket && error.code === 'ECONNRESET' && SAFE_METHODS.has(method)
      if (isStale && !response.headersSent) forward(incoming, response, candidates)
      else if (error.code === 'ECONNREFUSED') forward(incoming, response, others)
      else unavailable(response)
    })
    response.on('close', () => outgoing.destroy())
    // Nothing is read off the request before there is a connection that takes it.
    outgoing.on('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => incoming.pipe(outgoing))
      else incoming.pipe(outgoing)
    })
  }

  const server = createServer((incoming, response) => {
    const path = new URL(incoming.url ?? '/', 'http://proxy').pathname
    const instances = instancesOf(serviceOf(incoming.method ?? 'GET', path) ?? fallback)
    const first = turn++ % Math.max(1, instances.length)
    forward(incoming, response, [...instances.slice(first), ...instances.slice(0, first)])
  })
  const { promise, resolve, reject } = Promise.withResolvers<Proxy>()
  server.on('error', reject)
  server.listen(port, host, () => {
    const address = server.address()
    resolve({
      port: typeof address === 'object' && address ? address.port : port,
      close: () =>
        new Promise((done) => {
          agent.destroy()
          server.close(() => done())
          server.closeIdleConnections()
        }),
    })
  })
  return promise
}
