import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { createAwsClients } from './clients.ts'
import { createEventSender } from './event-sender.ts'

test('a call that is not answered in time fails, after one retry', async () => {
  let asked = 0
  const silent = createServer(() => asked++)
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const address = silent.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  const clients = createAwsClients({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${address.port}`,
    requestTimeoutMs: 50,
  })
  const send = createEventSender(clients, 'bus')
  expect(await send([{ source: 'edtech.tally', type: 'tally.counted', detail: '{}' }])).toEqual([
    { accepted: false, reason: expect.stringContaining('TimeoutError') },
  ])
  expect(asked).toBe(2)
  clients.close()
  silent.closeAllConnections()
  silent.close()
})

/** Tells which clients a process has loaded after making a transport, and after it asked for one of them. */
const program = `
  import { registerHooks } from 'node:module'
  const loaded = new Set()
  registerHooks({
    resolve: (specifier, context, next) => {
      if (specifier.startsWith('@aws-sdk/client-')) loaded.add(specifier)
      return next(specifier, context)
    },
  })
  const { createAwsClients } = await import('#bus/transports/aws/clients.ts')
  const { createAwsTransport } = await import('#bus/transports/aws/transport.ts')
  const clients = createAwsClients({ region: 'us-east-1', endpoint: 'http://127.0.0.1:1' })
  createAwsTransport({ clients, prefix: 'p', random: () => 0.5 })
  const before = [...loaded]
  await clients.queues()
  console.log(JSON.stringify([before, [...loaded]]))`

test('a process loads a client when it first uses it', async () => {
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program])
  expect(JSON.parse(stdout)).toEqual([[], ['@aws-sdk/client-sqs']])
})
