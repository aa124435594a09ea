import { describe, expect, test } from 'vitest'
import { redrive } from '../dead-letters/redrive.ts'
import { createRelay } from '../outbox/relay.ts'
import { createManualClock } from '../testing/clock.ts'
import { incoming } from '../testing/envelopes.ts'
import { Counted, ORIGIN } from '../testing/fixture.ts'
import { createTestService, outgoing } from '../testing/service.ts'
import { createMemoryTransport } from '../transports/memory/memory.ts'
import { on, project } from './handlers.ts'

const last = { attempt: 8, lastAttempt: true }
const counted = (n: number, id = 'msg_1') => ({ messagekind: 'event', type: Counted.type, id, data: { n } }) as const

/** A service with two handlers of one event; `fails` says of which numbers the second one throws. */
const ledger = (fails: (n: number) => boolean = () => false) => {
  const clock = createManualClock()
  const effects: string[] = []
  const handling = (name: string, broken: (n: number) => boolean) =>
    on(Counted, {}, async ({ data, tx }) => {
      if (broken(data.n)) throw new Error(`${name} cannot take ${data.n}`)
      effects.push(`${name} ${data.n}`)
      tx.publish(Counted, { n: data.n * 10 }, name)
    })
  const subscribers = { first: handling('first', () => false), second: handling('second', fails) }
  return { clock, effects, ...createTestService({ service: 'ledger', clock, subscribers }) }
}

describe('an event', () => {
  test('goes to every handler, each in a transaction of its own', async () => {
    const service = ledger()
    await service.dispatcher.receive(incoming(counted(1)))
    expect(service.effects).toEqual(['first 1', 'second 1'])
    expect(outgoing(service)).toMatchObject([
      { subject: 'first', data: { n: 10 }, causationid: 'msg_1', correlationid: 'cor_1' },
      { subject: 'second', data: { n: 10 }, causationid: 'msg_1', correlationid: 'cor_1' },
    ])
  })

  test('takes effect once however often it arrives', async () => {
    const service = ledger()
    for (let time = 0; time < 3; time++) await service.dispatcher.receive(incoming(counted(1)))
    expect(outgoing(service)).toHaveLength(2)
    expect(service.told.filter((line) => line.includes('duplicate'))).toHaveLength(4)
  })

  test('that fails in one handler comes again for that one alone', async () => {
    let broken = true
    const service = ledger(() => broken)
    await expect(service.dispatcher.receive(incoming(counted(1)))).rejects.toThrow('second cannot take 1')
    expect(outgoing(service)).toMatchObject([{ subject: 'first' }])
    broken = false
    await service.dispatcher.receive(incoming(counted(1)))
    expect(outgoing(service)).toMatchObject([{ subject: 'first' }, { subject: 'second' }])
    expect(service.told).toContain('ledger/first suppressed a duplicate')
  })

  test('that fails for good is kept as a dead letter of the handler, with its reason', async () => {
    const service = ledger(() => true)
    const message = incoming(counted(1), last)
    await service.dispatcher.receive(message)
    expect(await service.stores.deadLetters.list(undefined, 10)).toMatchObject([
      {
        consumer: 'ledger/second',
        messageId: 'msg_1',
        type: Counted.type,
        key: 'a',
        envelope: message.body,
        reason: 'Error: second cannot take 1',
      },
    ])
    expect(service.told).toContain('ledger/second failed for good: Error: second cannot take 1')
  })

  test('whose data does not fit the contract fails like any other', async () => {
    const service = ledger()
    const wrong = { ...counted(1), data: { n: 'one' } }
    await expect(service.dispatcher.receive(incoming(wrong))).rejects.toThrow('expected number')
  })

  test('may carry fields that this service does not know yet', async () => {
    const service = ledger()
    await service.dispatcher.receive(incoming({ ...counted(1), data: { n: 1, colour: 'red' } }))
    expect(service.effects).toContain('first 1')
  })

  test('that nobody here subscribes to is not lost', async () => {
    const service = ledger()
    const strange = { ...counted(1), type: 'tally.reset' }
    await expect(service.dispatcher.receive(incoming(strange))).rejects.toThrow('Nothing here answers "tally.reset".')
    await service.dispatcher.receive(incoming(strange, last))
    expect(await service.stores.deadLetters.list(undefined, 10)).toMatchObject([{ type: 'tally.reset' }])
  })

  test('that came before there was a subscriber reaches all of them when it is redriven', async () => {
    const before = createTestService({ service: 'ledger', clock: createManualClock() })
    await before.dispatcher.receive(incoming(counted(1), last))
    const { deadLetters } = before.stores
    const [letter] = await deadLetters.list(undefined, 10)
    if (!letter) throw new Error('It was lost.')
    const release = ledger()
    const transport = createMemoryTransport()
    transport.connect('ledger', release.dispatcher.subscriptions, release.dispatcher.receive)
    await redrive(letter, 'ledger', { transport, deadLetters })
    expect(release.effects).toEqual(['first 1', 'second 1'])
    expect(await deadLetters.list(undefined, 10)).toEqual([])
  })

  test('that is redriven reaches the consumer that failed and no other', async () => {
    const service = ledger()
    await service.dispatcher.receive(incoming({ ...counted(1), consumer: 'ledger/second' }))
    expect(service.effects).toEqual(['second 1'])
  })
})

test('what cannot be read comes again, and in the end is kept as it came', async () => {
  const service = ledger()
  const body = '{"specversion":"0.3"'
  await expect(service.dispatcher.receive({ body, attempt: 1, lastAttempt: false })).rejects.toThrow(SyntaxError)
  await service.dispatcher.receive({ body, ...last })
  expect(await service.stores.deadLetters.list(undefined, 10)).toMatchObject([
    { consumer: 'ledger', type: 'unreadable', envelope: body },
  ])
})

test('a projection is called for every repeat and writes nothing of the bus', async () => {
  const calls: number[] = []
  const subscribers = { view: project(Counted, {}, async ({ data }) => void calls.push(data.n)) }
  const service = createTestService({ service: 'ledger', clock: createManualClock(), subscribers })
  await service.dispatcher.receive(incoming(counted(1)))
  await service.dispatcher.receive(incoming(counted(1)))
  expect(calls).toEqual([1, 1])
  expect(service.stores.state.inbox.size).toBe(0)
})

test('a poison message ends as a dead letter, its key goes on, and other keys never wait', async () => {
  const service = ledger((n) => n === 13)
  const { clock } = service
  const tally = createTestService({ service: 'tally', clock })
  const tx = tally.stores.store.begin(clock.now(), ORIGIN)
  for (const [key, n] of [
    ['poisoned', 13],
    ['poisoned', 14],
    ['healthy', 1],
  ] as const)
    tx.publish(Counted, { n }, key)
  await tally.stores.store.flush(tx)

  const transport = createMemoryTransport({ maxAttempts: 3 })
  transport.connect('ledger', service.dispatcher.subscriptions, service.dispatcher.receive)
  const { outbox } = tally.stores
  const relay = createRelay({ service: 'tally', outbox, transport, clock, random: () => 0 })
  const sweeps = async (rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      await relay.sweep()
      clock.advance(1_000)
    }
  }

  await sweeps(2)
  expect(service.effects).toEqual(['first 13', 'first 1', 'second 1', 'first 13'])
  expect(await service.stores.deadLetters.list(undefined, 10)).toEqual([])
  await sweeps(1)
  expect(service.effects.slice(-2)).toEqual(['first 14', 'second 14'])
  expect(await service.stores.deadLetters.list(undefined, 10)).toMatchObject([{ consumer: 'ledger/second' }])
  expect(await outbox.backlog()).toMatchObject({ rows: 0, heldKeys: 0 })
})
