import { describe, expect, test } from 'vitest'
import {
  ConcurrentChange,
  IdempotencyKeyMissing,
  IdempotencyKeyReused,
  RequestInFlight,
  Unavailable,
} from './errors.ts'
import { TooMany, tally } from './testing/tally.ts'

describe('a command with an idempotency key', () => {
  test('needs one', async () => {
    await expect(tally().pay({ n: 1 })).rejects.toSatisfy(IdempotencyKeyMissing.is)
  })

  test('takes effect once; a repeat gets the first answer', async () => {
    const service = tally()
    expect(await service.pay({ n: 2 }, 'key-1')).toEqual({ output: { total: 2 }, replayed: false })
    service.change(50)
    expect(await service.pay({ n: 2 }, 'key-1')).toEqual({ output: { total: 2 }, replayed: true })
    expect(service.state.outbox).toHaveLength(1)
    expect(await service.pay({ n: 2 }, 'key-2')).toEqual({ output: { total: 54 }, replayed: false })
  })

  test('is the same with its defaults written out', async () => {
    const service = tally()
    await service.pay({ n: 2 }, 'key-1')
    expect(await service.pay({ tags: [], n: 2 }, 'key-1')).toMatchObject({ replayed: true })
  })

  test('must not bring another input under the same key', async () => {
    const service = tally()
    await service.pay({ n: 2 }, 'key-1')
    await expect(service.pay({ n: 3 }, 'key-1')).rejects.toSatisfy(IdempotencyKeyReused.is)
  })

  test('is told while the first is being answered', async () => {
    const decided = Promise.withResolvers<void>()
    const service = tally(() => decided.promise)
    const first = service.pay({ n: 2 }, 'key-1')
    await expect(service.pay({ n: 2 }, 'key-1')).rejects.toSatisfy(RequestInFlight.is)
    decided.resolve()
    await first
    expect(await service.pay({ n: 2 }, 'key-1')).toMatchObject({ replayed: true })
  })

  test('keeps its refusal, whatever has changed since', async () => {
    const service = tally()
    service.change(99)
    await expect(service.pay({ n: 2 }, 'key-1')).rejects.toSatisfy(TooMany.is)
    service.change(-99)
    await expect(service.pay({ n: 2 }, 'key-1')).rejects.toThrow('101 are too many.')
    expect(service.trail.filter((line) => line === 'handler')).toHaveLength(1)
  })

  test.each([
    ['a store out of reach', Unavailable('The database')],
    ['a failure', new Error('disk full')],
    ['a state that kept changing', ConcurrentChange('A row')],
  ])('is free to try again after %s', async (_what, error) => {
    let broken = true
    const service = tally(() => {
      if (broken) throw error
    })
    await expect(service.pay({ n: 2 }, 'key-1')).rejects.toBe(error)
    broken = false
    expect(await service.pay({ n: 2 }, 'key-1')).toEqual({ output: { total: 2 }, replayed: false })
  })

  test('that loses the race of two processes gets the answer of the winner', async () => {
    const both = Promise.withResolvers<void>()
    let waiting = 0
    const service = tally(() => {
      waiting += 1
      if (waiting === 2) both.resolve()
      return both.promise
    })
    const outcomes = await Promise.all([
      service.pay({ n: 2 }, 'key-1'),
      service.pay({ n: 2 }, 'key-1', service.process()),
    ])
    expect(outcomes.map(({ output: answer }) => answer)).toEqual([{ total: 2 }, { total: 2 }])
    expect(outcomes.filter(({ replayed }) => replayed)).toHaveLength(1)
    expect(service.total()).toBe(2)
  })

  test('that is refused because of the winner’s effect gets the winner’s answer all the same', async () => {
    let other: Promise<unknown> | undefined
    const service = tally(async () => {
      if (other) return
      other = service.pay({ n: 60 }, 'key-1', service.process())
      await other
    })
    expect(await service.pay({ n: 60 }, 'key-1')).toEqual({ output: { total: 60 }, replayed: true })
    expect(service.total()).toBe(60)
  })
})
