import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cancelled, declinedCard, NOW, paymentAfter, processing, succeeded, typesOf, unpaid } from './fixtures.ts'
import { cancelledBy } from './intent.ts'
import type { Payment } from './payment.ts'

type Step = (payment: Payment) => void

const observations: Step[] = [unpaid, declinedCard, processing].map((fact) => (payment) => {
  payment.observe(fact, NOW)
})
const cancels: Step[] = [(payment) => payment.requestCancel(cancelledBy('saga'))]
const succeed: Step = (payment) => {
  payment.observe(succeeded, NOW)
}
const confirmCancel: Step = (payment) => {
  payment.observe(cancelled, NOW)
}

const orders = (...always: Step[]) =>
  fc
    .array(fc.constantFrom(...observations, ...cancels, ...always), { maxLength: 12 })
    .chain((steps) => fc.shuffledSubarray([...steps, ...always], { minLength: steps.length + always.length }))

const run = (steps: Step[]): Payment => {
  const payment = paymentAfter()
  for (const step of steps) step(payment)
  return payment
}

describe('facts in any order and any number', () => {
  test('with a success among them end in COMPLETED, told once', () => {
    fc.assert(
      fc.property(orders(succeed, confirmCancel), (steps) => {
        const payment = run(steps)
        expect(payment.state.status).toBe('COMPLETED')
        expect(typesOf(payment).filter((type) => type === 'payment.completed')).toHaveLength(1)
      }),
    )
  })

  test('with a confirmed cancel and no success end without money, told once', () => {
    fc.assert(
      fc.property(orders(confirmCancel), (steps) => {
        const payment = run(steps)
        expect(['CANCELLED', 'FAILED']).toContain(payment.state.status)
        expect(typesOf(payment)).toEqual(['payment.failed'])
      }),
    )
  })

  test('with neither never end', () => {
    fc.assert(
      fc.property(orders(), (steps) => {
        const payment = run(steps)
        expect(['INITIATED', 'REQUIRES_ACTION', 'PROCESSING']).toContain(payment.state.status)
        expect(payment.events).toEqual([])
      }),
    )
  })
})
