import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listen } from './listener.ts'

describe('a drain', () => {
  test('waits for no connection that has asked for nothing yet, as browsers keep them', async () => {
    const listener = await listen(() => new Response(), 0, '127.0.0.1')
    const spare = connect(listener.port, '127.0.0.1')
    onTestFinished(() => void spare.destroy())
    await once(spare, 'connect')
    const closed = once(spare, 'close')
    await listener.drain(0)
    await closed
  })

  test('lets a request that is under way finish, and asks its client to hang up', async () => {
    const arrived = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const listener = await listen(
      async () => {
        arrived.resolve()
        await go.promise
        return new Response('done')
      },
      0,
      '127.0.0.1',
    )
    const outgoing = request({ port: listener.port, host: '127.0.0.1' }).end()
    const answered = once(outgoing, 'response')
    await arrived.promise
    const drained = listener.drain(0)
    go.resolve()
    const [incoming] = await answered
    expect([await text(incoming), incoming.headers.connection]).toEqual(['done', 'close'])
    await drained
  })
})
