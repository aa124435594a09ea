import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addMs, DAY, MINUTE } from '#domain/kernel/clock.ts'
import { createAdvance, type SagaMessage, type Step } from '#bus/sagas/advance.ts'
import { NOW, USER } from '#domain/user/fixtures.ts'
import { Erasure } from './erasure.ts'

const requestId = 'ers_01950000-0000-7000-8000-000000000001'
const saga = createAdvance(Erasure)
const started = (): Step => saga.start(requestId, { requestId, userId: USER, done: [] }, 'cor', NOW)

const erased = (step: 'learning' | 'payment'): SagaMessage => ({
  kind: 'replied',
  step,
  output: { counts: { rows: 1 } },
})
const acknowledged = (step: 'learning' | 'payment', status: 'RUNNING' | 'CLOSED'): SagaMessage => ({
  kind: 'replied',
  step: `acknowledge_${step}`,
  output: { status },
})
const sent = ({ requests }: Step) => requests.map(({ step }) => step)

describe('an erasure', () => {
  test('asks every other service at once', () => {
    expect(started().requests.map(({ step, input }) => [step, input])).toEqual([
      ['learning', { userId: USER }],
      ['payment', { userId: USER }],
    ])
  })

  test('writes each answer down, and closes with the last', () => {
    const first = saga.receive(started().instance, erased('payment'), addMs(NOW, 1))
    expect(first.requests).toMatchObject([
      { step: 'acknowledge_payment', input: { requestId, service: 'payment', counts: { rows: 1 }, last: false } },
    ])
    const second = saga.receive(first.instance, erased('learning'), addMs(NOW, 2))
    expect(second.requests).toMatchObject([{ step: 'acknowledge_learning', input: { last: true } }])
    const closed = saga.receive(second.instance, acknowledged('learning', 'CLOSED'), addMs(NOW, 3))
    expect(closed.instance.status).toBe('completed')
  })

  test('waits for a person where a service declines, and goes on when it is tried again', () => {
    const declined = saga.receive(
      started().instance,
      { kind: 'faulted', step: 'learning', fault: { code: 'NO', detail: 'No.' }, retryable: false },
      addMs(NOW, 1),
    )
    expect(declined.instance.status).toBe('parked')
    const again = saga.receive(declined.instance, { kind: 'retry' }, addMs(NOW, 2))
    expect(sent(again)).toContain('learning')
  })

  test('is shown to a person at its due date, and is never turned back', () => {
    const overdue = saga.receive(started().instance, { kind: 'timer', name: 'deadline' }, addMs(NOW, 30 * DAY + MINUTE))
    expect(overdue.instance.status).toBe('parked')
    expect(started().instance.pivoted).toBe(true)
  })

  test('closes once, in whatever order and however often answers come', () => {
    const answers = ['learning', 'payment'] as const
    const orders = fc.shuffledSubarray([...answers, ...answers, ...answers], { minLength: 6 })
    fc.assert(
      fc.property(orders, (order) => {
        const asked: string[] = []
        const last: unknown[] = []
        let { instance } = started()
        for (const service of order) {
          const step = saga.receive(instance, erased(service), addMs(NOW, 1))
          asked.push(...sent(step))
          last.push(...step.requests.map(({ input }) => input))
          instance = step.instance
        }
        expect(asked.toSorted()).toEqual(['acknowledge_learning', 'acknowledge_payment'])
        expect(last.map((input) => JSON.stringify(input).includes('"last":true'))).toEqual([false, true])
      }),
    )
  })
})
