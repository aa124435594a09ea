import { afterEach, expect, test, vi } from 'vitest'
import { type Listener, listen } from '#services/kit/hosts/listener.ts'
import { type Discovery, startDiscovery } from './discovery.ts'

const PORT = 3000
const listeners: Listener[] = []
const discoveries: Discovery[] = []
afterEach(async () => {
  for (const discovery of discoveries.splice(0)) discovery.stop()
  await Promise.all(listeners.splice(0).map((listener) => listener.drain(0)))
})

/** Two instances at addresses of the loopback, on one port as in containers. */
const twoInstances = async (readiness: { one: boolean; other: boolean }) => {
  const answer = (isReady: () => boolean) => () => new Response(null, { status: isReady() ? 200 : 503 })
  const one = await listen(
    answer(() => readiness.one),
    0,
    '127.0.0.1',
  )
  const other = await listen(
    answer(() => readiness.other),
    one.port,
    '127.0.0.2',
  )
  listeners.push(one, other)
  return { internalPort: one.port }
}

const discover = (internalPort: number, addressesOf: (service: string) => Promise<readonly string[]>): Discovery => {
  const discovery = startDiscovery({ services: ['learning'], addressesOf, port: PORT, internalPort })
  discoveries.push(discovery)
  return discovery
}

test('every address of a name takes part while it says that it is ready', async () => {
  const readiness = { one: true, other: false }
  const { internalPort } = await twoInstances(readiness)
  const { instancesOf } = discover(internalPort, () => Promise.resolve(['127.0.0.1', '127.0.0.2']))
  await vi.waitFor(() => expect(instancesOf('learning')).toEqual(['http://127.0.0.1:3000']))
  readiness.other = true
  await vi.waitFor(() => expect(instancesOf('learning')).toEqual(['http://127.0.0.1:3000', 'http://127.0.0.2:3000']))
  readiness.one = false
  await vi.waitFor(() => expect(instancesOf('learning')).toEqual(['http://127.0.0.2:3000']))
})

test('a name that is not known yet is looked up again', async () => {
  const { internalPort } = await twoInstances({ one: true, other: true })
  let known = false
  const { instancesOf } = discover(internalPort, () =>
    known ? Promise.resolve(['127.0.0.2']) : Promise.reject(new Error('ENOTFOUND')),
  )
  expect(instancesOf('learning')).toEqual([])
  known = true
  await vi.waitFor(() => expect(instancesOf('learning')).toEqual(['http://127.0.0.2:3000']))
})
