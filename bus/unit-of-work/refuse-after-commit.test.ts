import { describe, expect, test } from 'vitest'
import { systemClock } from '#domain/kernel/clock.ts'
import { domainError } from '#domain/kernel/errors.ts'
import { refuseAfterCommit } from './refuse-after-commit.ts'
import { runInUnitOfWork } from './run.ts'
import type { Store } from './store.ts'
import { FlushConflict, type OpenUnitOfWork } from './unit-of-work.ts'

const Refused = domainError('REFUSED', 'gone', () => 'No.')

const unit = (): OpenUnitOfWork => {
  const nothing = () => undefined
  const now = systemClock.now()
  const origin = { correlationId: 'test' }
  return {
    now,
    origin,
    events: [],
    raise: nothing,
    publish: nothing,
    send: nothing,
    request: nothing,
    reply: nothing,
    receive: nothing,
  }
}

const countingStore = (conflicts: number) => {
  let flushes = 0
  const store: Store = {
    begin: unit,
    flush: async () => {
      flushes++
      if (flushes <= conflicts) throw new FlushConflict('row')
    },
    onCommit: () => undefined,
  }
  return { store, flushes: () => flushes }
}

const run = (store: Store, error: Error) =>
  runInUnitOfWork(store, systemClock, { correlationId: 'test' }, async () => {
    throw error
  })

describe('a refusal after the commit', () => {
  test('is thrown once everything registered is flushed', async () => {
    const { store, flushes } = countingStore(0)
    await expect(run(store, refuseAfterCommit(Refused()))).rejects.toThrow(Refused())
    expect(flushes()).toBe(1)
  })

  test('is decided again when the flush met a conflict', async () => {
    const { store, flushes } = countingStore(2)
    await expect(run(store, refuseAfterCommit(Refused()))).rejects.toThrow(Refused())
    expect(flushes()).toBe(3)
  })
})

test('any other refusal discards the unit of work', async () => {
  const { store, flushes } = countingStore(0)
  await expect(run(store, Refused())).rejects.toThrow(Refused())
  expect(flushes()).toBe(0)
})
