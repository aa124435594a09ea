import { once } from 'node:events'
import { createServer } from 'node:net'
import { z } from 'zod'
import { afterEach, describe, expect, test } from 'vitest'
import { addMs, systemClock } from '#domain/kernel/clock.ts'
import { internalMessages } from '#services/kit/hosts/internal-messages.ts'
import { listen } from '#services/kit/hosts/listener.ts'
import { Payments } from '../patterns/payment.ts'
import { createTestIds } from '../testing/ids.ts'
import { createAnswering } from './answering.ts'
import { laneConformance } from './conformance.ts'
import { createHttpLane } from './http-lane.ts'
import { createRequester, Overloaded, type Respond } from './requester.ts'
import { createServiceTokens, createTokenCheck } from './service-token.ts'
import { ASKED, createCashier, STATUS } from './testing/cashier.ts'
import { createServiceKeys } from './testing/service-keys.ts'

const clock = systemClock
const keys = createServiceKeys('learning', 'payment', 'user')
const tokenOf = (service: 'learning' | 'user') =>
  createServiceTokens({ service, privateKeyPem: keys.privateKeyOf(service), clock })
const silent = { overloaded: () => undefined, failed: () => undefined }

/** The internal listener of a payment service, and the lane of a learning service to it. */
const openHttp = async (respond: Respond, capacity = 100) => {
  const answer = createAnswering({ respond, clock, capacity, retryAfterMs: 100, observe: silent })
  const check = createTokenCheck({ service: 'payment', publicKeys: keys.publicKeys, clock })
  const listener = await listen(internalMessages({ answer, check }).fetch, 0, '127.0.0.1')
  const url = `http://127.0.0.1:${listener.port}`
  const http = createHttpLane({
    urlOf: (service) => (service === 'payment' ? url : undefined),
    token: tokenOf('learning'),
  })
  const close = async (): Promise<void> => {
    http.close()
    await listener.drain(0)
  }
  return { ...http, url, listener, close }
}

laneConformance({ name: 'over HTTP', open: (respond) => openHttp(respond) })

describe('the http lane', () => {
  const opened: { close(): Promise<void> }[] = []
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(({ close }) => close()))
  })
  const started = async (respond: Respond = createCashier().dispatcher.respond, capacity?: number) => {
    const http = await openHttp(respond, capacity)
    opened.push(http)
    return http
  }
  const asker = (lane: Awaited<ReturnType<typeof openHttp>>['lane']) => {
    const { request } = createRequester({ service: 'learning', lane, clock, ids: createTestIds() })
    return () => request(Payments.GetPaymentStatus, ASKED, { origin: { correlationId: 'cor_1' } })
  }
  const post = (
    url: string,
    body: object,
    headers: Record<string, string>,
    type: string = Payments.GetPaymentStatus.type,
  ) =>
    fetch(`${url}/internal/messages/${type}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    })
  const body = () => ({
    id: 'msg_1',
    idempotencyKey: 'key-1',
    deadline: addMs(clock.now(), 5_000),
    correlationId: 'cor_1',
    data: ASKED,
  })

  test('takes the sender from the token and never from the body', async () => {
    const senders: string[] = []
    const { url } = await started(createCashier({ status: ({ from }) => void senders.push(from) }).dispatcher.respond)
    const authorization = `Bearer ${await tokenOf('user')('payment')}`
    const answer = await post(url, { ...body(), from: 'payment' }, { authorization })
    expect([answer.status, await answer.json(), senders]).toEqual([200, { output: STATUS }, ['user']])
  })

  test('refuses a call without a token, and with one for another service', async () => {
    const { url } = await started()
    const elsewhere = { authorization: `Bearer ${await tokenOf('learning')('user')}` }
    const answers = await Promise.all([post(url, body(), {}), post(url, body(), elsewhere)])
    expect(answers.map(({ status }) => status)).toEqual([401, 401])
  })

  test('refuses what is no request, as a problem', async () => {
    const { url } = await started()
    const authorization = `Bearer ${await tokenOf('learning')('payment')}`
    const answer = await post(url, { ...body(), deadline: 'soon' }, { authorization })
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.json()).toMatchObject({ status: 400, code: 'INVALID_INPUT' })
  })

  test('tells of too many requests at once and of when to come back', async () => {
    const busy = Promise.withResolvers<void>()
    const { lane } = await started(createCashier({ status: () => busy.promise }).dispatcher.respond, 1)
    const ask = asker(lane)
    const asked = [ask(), ask()]
    const outcome = await Promise.race(asked.map((answer) => answer.catch((error: unknown) => error)))
    expect(outcome).toSatisfy(Overloaded.is)
    busy.resolve()
    const settled = await Promise.allSettled(asked)
    expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('begins with TLS where the URL says so, and never with a token', async () => {
    const first = Promise.withResolvers<Buffer>()
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', (bytes) => {
        first.resolve(bytes)
        socket.destroy()
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = z.object({ port: z.number() }).parse(server.address())
    const { lane, close } = createHttpLane({ urlOf: () => `https://127.0.0.1:${port}`, token: tokenOf('learning') })
    opened.push({
      close: async () => {
        close()
        server.close()
        await once(server, 'close')
      },
    })
    const asked = asker(lane)().catch(() => undefined)
    const handshake = 22
    expect((await first.promise)[0]).toBe(handshake)
    await asked
  })

  test('knows that a request to a service that is gone never arrived', async () => {
    const { lane, listener } = await started()
    await listener.drain(0)
    await expect(asker(lane)()).rejects.toThrow('"payment.get_status" failed: UNREACHABLE.')
  })
})
