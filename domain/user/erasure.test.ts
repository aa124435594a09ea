import { describe, expect, test } from 'vitest'
import { Erasure, ERASURE_DUE_MS } from './erasure.ts'
import { later, NOW, typesOf, USER } from './fixtures.ts'

const id = 'ers_01950000-0000-7000-8000-000000000001'
const counts = { account: 1 }
const requested = (): Erasure => Erasure.request({ id, userId: USER, counts }, NOW)

describe('an erasure', () => {
  test('is told with the day by which it is due, and begins with what the account itself lost', () => {
    const { events, state } = requested()
    expect(events.map(({ definition, data }) => [definition.type, data])).toEqual([
      ['user.erasure_requested', { userId: USER, requestId: id, dueAt: later(ERASURE_DUE_MS) }],
    ])
    expect(state).toMatchObject({ status: 'RUNNING', acknowledged: [{ service: 'user', at: NOW, counts }] })
  })

  test('takes the first word of a service, and no second one', () => {
    const erasure = requested()
    erasure.acknowledge('learning', { enrollments: 2 }, later(1))
    erasure.acknowledge('learning', { enrollments: 0 }, later(2))
    expect(erasure.state.acknowledged.at(-1)).toEqual({ service: 'learning', at: later(1), counts: { enrollments: 2 } })
    expect(typesOf(erasure)).toEqual(['user.erasure_requested'])
  })
})
