import { expect, test } from 'vitest'
import { Breaker } from './breaker.ts'

test('failures that are not in a row keep nobody from calling', () => {
  const breaker = new Breaker()
  for (let round = 0; round < 3; round++) {
    breaker.failed(0)
    breaker.failed(0)
    breaker.succeeded()
  }
  expect([breaker.admits(0), breaker.admits(0)]).toEqual([true, true])
})

test('one success after an outage lets everybody call again', () => {
  const breaker = new Breaker()
  for (let call = 0; call < 3; call++) breaker.failed(0)
  expect(breaker.admits(499)).toBe(false)
  expect([breaker.admits(500), breaker.admits(500)]).toEqual([true, false])
  breaker.succeeded()
  expect([breaker.admits(500), breaker.admits(500)]).toEqual([true, true])
})
