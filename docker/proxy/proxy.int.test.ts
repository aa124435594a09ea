import { once } from 'node:events'
import { createServer, type RequestListener, request, type Server } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { startProxy } from './proxy.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

const urlOf = (server: Server): string => {
  const address = server.address()
  return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : ''
}

const instance = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push({ close: () => server.close() })
  return urlOf(server)
}

/** An address where nobody listens any more. */
const gone = async (): Promise<string> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = urlOf(server)
  server.close()
  await once(server, 'close')
  return url
}

/** Tells what reached it. */
const echo: RequestListener = (incoming, response) => {
  let body = ''
  incoming.on('data', (data) => {
    body += String(data)
  })
  incoming.on('end', () => {
    const { method, url, headers } = incoming
    response.writeHead(207, { 'x-own': 'yes', connection: 'close' }).end(JSON.stringify({ method, url, headers, body }))
  })
}

const proxied = async (instances: readonly string[]): Promise<string> => {
  const options = { serviceOf: () => 'user', instancesOf: () => instances, fallback: 'user' }
  const proxy = await startProxy({ port: 0, host: '127.0.0.1', ...options })
  open.push(proxy)
  return `http://127.0.0.1:${proxy.port}`
}

describe('the proxy', () => {
  test('passes on method, path, headers and body, and what is answered', async () => {
    const url = await proxied([await instance(echo)])
    const answer = await fetch(`${url}/v1/a%20b?c=d`, { method: 'PUT', body: 'text', headers: { etag: '"1"' } })
    expect(answer.status).toBe(207)
    expect(answer.headers.get('x-own')).toBe('yes')
    expect(await answer.json()).toMatchObject({
      method: 'PUT',
      url: '/v1/a%20b?c=d',
      body: 'text',
      headers: { etag: '"1"', 'x-forwarded-for': '127.0.0.1' },
    })
  })

  test('puts the peer that it saw behind what the client says of itself', async () => {
    const url = await proxied([await instance(echo)])
    const answer = await fetch(url, { headers: { 'x-forwarded-for': '203.0.113.7' } })
    expect(await answer.json()).toMatchObject({ headers: { 'x-forwarded-for': '203.0.113.7, 127.0.0.1' } })
  })

  test('sends a request for another host to its own instances', async () => {
    const { port } = new URL(await proxied([await instance(echo)]))
    const outgoing = request({ host: '127.0.0.1', port, path: '//203.0.113.7/v1' }).end()
    const [answer] = await once(outgoing, 'response')
    expect(answer.statusCode).toBe(207)
    answer.resume()
  })

  test('takes instances in turn, and another where one cannot be connected to, body and all', async () => {
    const name =
      (own: string): RequestListener =>
      (incoming, response) =>
        void incoming.pipe(response.setHeader('x-name', own))
    const url = await proxied([await instance(name('a')), await gone(), await instance(name('b'))])
    const names = []
    for (let call = 0; call < 6; call++) {
      const answer = await fetch(url, { method: 'POST', body: `body ${call}` })
      expect(await answer.text()).toBe(`body ${call}`)
      names.push(answer.headers.get('x-name'))
    }
    expect(new Set(names)).toEqual(new Set(['a', 'b']))
  })

  test('answers 503 with Retry-After where nobody is ready, or dies before it answers', async () => {
    const dying = await instance((incoming) => incoming.socket.destroy())
    for (const instances of [[], [await gone()], [dying]]) {
      const answer = await fetch(await proxied(instances), { method: 'POST', body: 'x' })
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
    }
  })
})
