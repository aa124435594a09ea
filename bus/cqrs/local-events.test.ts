import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { systemClock } from '#domain/kernel/clock.ts'
import { event } from '#domain/kernel/event.ts'
import { createMemoryBusStores } from '../memory/stores.ts'
import { createTestIds } from '../testing/ids.ts'
import { createLocalEvents, onLocal } from './local-events.ts'

const Added = event('tally.added', { version: 1, data: z.object({ n: z.int() }) })
const Summed = event('tally.summed', { version: 1, data: z.object({ sum: z.int() }) })

const unbound = () => {
  throw new Error('Nothing is bound here.')
}

const begin = () =>
  createMemoryBusStores({ service: 'tally', ids: createTestIds(), clock: systemClock }).store.begin(systemClock.now(), {
    correlationId: 'cor_1',
  })

describe('a local event', () => {
  test('reaches each of its subscribers in the order listed, one after the other', async () => {
    const seen: string[] = []
    const first = onLocal(Added, {}, async ({ data }) => {
      await new Promise(setImmediate)
      seen.push(`first ${data.n}`)
    })
    const second = onLocal(Added, {}, ({ data }) => {
      seen.push(`second ${data.n}`)
    })
    const other = onLocal(Summed, {}, () => {
      seen.push('other')
    })
    const tx = begin()
    tx.publish(Added, { n: 1 }, 'a')
    tx.publish(Added, { n: 2 }, 'a')
    await createLocalEvents([first, second, other], unbound).publish(tx)
    expect(seen).toEqual(['first 1', 'second 1', 'first 2', 'second 2'])
  })

  test('may raise another one in the same unit of work', async () => {
    let sum = 0
    const total = onLocal(Added, {}, ({ data, tx }) => tx.publish(Summed, { sum: data.n + 1 }, 'a'))
    const keep = onLocal(Summed, {}, ({ data }) => {
      sum = data.sum
    })
    const tx = begin()
    tx.publish(Added, { n: 1 }, 'a')
    await createLocalEvents([total, keep], unbound).publish(tx)
    expect(sum).toBe(2)
  })

  test('stops the unit of work when a subscriber fails', async () => {
    const failing = onLocal(Added, {}, () => {
      throw new Error('No.')
    })
    const tx = begin()
    tx.publish(Added, { n: 1 }, 'a')
    await expect(createLocalEvents([failing], unbound).publish(tx)).rejects.toThrow('No.')
  })
})
