import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { decodeEnvelope } from '../envelope.ts'
import { Counted, ORIGIN } from '../testing/fixture.ts'
import { type Actor, anonymous } from './actor.ts'
import { ConcurrentChange, Forbidden, Unauthenticated } from './errors.ts'
import { learner, SPAN, TooMany, Total, tally } from './testing/tally.ts'

const Refusal = z.looseObject({ fields: z.array(z.object({ pointer: z.string(), detail: z.string() })) })

describe('a command', () => {
  test('is traced, run, its local events after it, and committed with its outbox', async () => {
    const service = tally()
    expect(await service.add({ n: 2 })).toEqual({ output: { total: 2 }, replayed: false })
    expect(service.trail).toEqual(['trace tally.add', 'handler', 'local event'])
    expect(service.total()).toBe(2)
    expect(service.state.outbox).toMatchObject([{ key: 'total', type: Counted.type }])
  })

  test('leaves the span that it ran in with everything that it writes', async () => {
    const service = tally()
    await service.add({ n: 2 })
    await service.pay({ n: 3 }, 'key-1')
    const written = service.state.outbox.map(({ envelope }) => decodeEnvelope(envelope).traceparent)
    expect(written).toEqual([SPAN, SPAN])
  })

  test('is refused before it is read where the caller may not', async () => {
    const service = tally()
    await expect(service.add('nonsense', anonymous)).rejects.toSatisfy(Unauthenticated.is)
    await expect(service.add('nonsense', learner('tally:read'))).rejects.toSatisfy(Forbidden.is)
    expect(service.trail).not.toContain('handler')
  })

  test('may come from another service', async () => {
    expect(await tally().add({ n: 1 }, { kind: 'service', service: 'learning' })).toMatchObject({ replayed: false })
  })

  test('tells every field that is wrong, by its pointer', async () => {
    const service = tally()
    const wrong = service.add({ n: 'two', tags: ['a', 5], 'a/b~c': 1 })
    await expect(wrong).rejects.toMatchObject({ code: 'INVALID_INPUT', kind: 'invalid' })
    const { fields } = Refusal.parse(await wrong.catch((error: unknown) => error))
    expect(fields.map(({ pointer }) => pointer).toSorted()).toEqual(['/a~1b~0c', '/n', '/tags/1'])
    expect(service.trail).toEqual(['trace tally.add'])
  })

  test('gets its input with defaults filled in', async () => {
    const seen: unknown[] = []
    await tally((context) => void seen.push(context.input)).add({ n: 1 })
    expect(seen).toEqual([{ n: 1, tags: [] }])
  })

  test('whose local event fails commits nothing', async () => {
    const service = tally()
    await expect(service.add({ n: 13 })).rejects.toThrow('unlucky')
    expect(service.total()).toBe(0)
    expect(service.noted).toEqual([])
    expect(service.state.outbox).toEqual([])
  })

  test('commits what its local events write with its own rows', async () => {
    const service = tally()
    await service.add({ n: 3 })
    expect(service.noted).toEqual([3])
  })

  test('is run again where the state changed under it, and decides on what it finds then', async () => {
    let races = 3
    const service = tally(() => {
      if (races-- > 0) service.change(1)
    })
    expect(await service.add({ n: 2 })).toMatchObject({ output: { total: 5 } })
    expect(service.trail.filter((line) => line === 'handler')).toHaveLength(4)
    expect(service.state.outbox).toHaveLength(1)
  })

  test('ends in the rule that refuses it, not in the race', async () => {
    const service = tally(() => service.change(99))
    await expect(service.add({ n: 2 })).rejects.toSatisfy(TooMany.is)
  })

  test('gives up on a state that never stands still', async () => {
    const service = tally(() => service.change(0))
    await expect(service.add({ n: 1 })).rejects.toSatisfy(ConcurrentChange.is)
    expect(service.state.outbox).toEqual([])
  })
})

describe('a query', () => {
  test('is authorized, validated and answered without a transaction', async () => {
    const service = tally()
    const ask = (data: unknown, by: Actor) => service.buses.ask(Total, data, { actor: by, origin: ORIGIN })
    await expect(ask({}, anonymous)).rejects.toSatisfy(Unauthenticated.is)
    await expect(ask('nonsense', learner('tally:read'))).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await ask({}, learner('tally:read'))).toEqual({ output: { total: 0 }, replayed: false })
  })
})
