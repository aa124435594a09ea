import { describe, expect, test } from 'vitest'
import { createManualClock } from '../testing/clock.ts'
import { createAnswering } from './answering.ts'
import type { Respond } from './requester.ts'

const CAPACITY = 4
const request = (n: number) =>
  ({
    type: 'payment.get_status',
    data: {},
    from: 'learning',
    id: `msg_${n}`,
    idempotencyKey: `msg_${n}`,
    origin: { correlationId: `cor_${n}` },
  }) as const

const answering = (respond: Respond) => {
  const told: string[] = []
  const answer = createAnswering({
    respond,
    clock: createManualClock(),
    capacity: CAPACITY,
    retryAfterMs: 100,
    observe: { overloaded: (type) => told.push(`${type} overloaded`), failed: (_, error) => told.push(String(error)) },
  })
  return { answer, told }
}

describe('the answering side', () => {
  test('at three times its capacity does as much as at its capacity, and sends the rest away at once', async () => {
    const working: (() => void)[] = []
    const { answer } = answering(
      () => new Promise((resolve) => working.push(() => resolve({ outcome: 'replied', output: {} }))),
    )
    const outcomes: string[] = []
    const ROUNDS = 100
    let sent = 0
    for (let round = 0; round < ROUNDS; round++) {
      for (let n = 0; n < 3 * CAPACITY; n++)
        void answer(request(sent++)).then((reply) =>
          outcomes.push(reply.outcome === 'replied' ? 'replied' : reply.code),
        )
      // One unit of time: each of those under way is finished.
      for (const finish of working.splice(0)) finish()
      await new Promise(setImmediate)
    }
    const count = (outcome: string) => outcomes.filter((one) => one === outcome).length
    expect(count('replied') / (ROUNDS * CAPACITY)).toBeGreaterThanOrEqual(0.8)
    expect(count('replied') + count('OVERLOADED')).toBe(sent)
  })

  test('says when to come back', async () => {
    const { answer, told } = answering(() => new Promise(() => undefined))
    for (let n = 0; n < CAPACITY; n++) void answer(request(n))
    expect(await answer(request(CAPACITY))).toMatchObject({
      code: 'OVERLOADED',
      kind: 'unavailable',
      retryAfterMs: 100,
    })
    expect(told).toEqual(['payment.get_status overloaded'])
  })

  test('tells of a failure itself, and the asker of no more than where to look', async () => {
    const { answer, told } = answering(() => Promise.reject(new Error('disk full')))
    expect(await answer(request(1))).toEqual({
      outcome: 'faulted',
      code: 'INTERNAL',
      kind: 'internal',
      detail: 'Something went wrong; it is logged under cor_1.',
    })
    expect(told).toEqual(['Error: disk full'])
  })
})
