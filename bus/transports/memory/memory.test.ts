import { expect, test } from 'vitest'
import { transportConformance } from '../conformance.ts'
import { createMemoryTransport } from './memory.ts'

transportConformance({
  name: 'memory',
  capabilities: createMemoryTransport().capabilities,
  open: async () => createMemoryTransport(),
  openDisturbed: async (disturb) => createMemoryTransport({ disturb }),
})

test('gives up on a subscriber that does not answer in time', async () => {
  const transport = createMemoryTransport({ timeoutMs: 5 })
  transport.connect('stuck', ['tally.counted'], () => new Promise(() => undefined))
  expect(
    await transport.deliver([{ key: 'a', route: 'events', type: 'tally.counted', body: '{}', attempt: 1 }]),
  ).toEqual([{ accepted: false, reason: 'Error: No answer within 5 ms' }])
})
