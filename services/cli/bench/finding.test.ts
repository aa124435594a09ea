import { expect, test } from 'vitest'
import { findingOf, tableOf } from './finding.ts'

test('a verdict is read with its target', () => {
  expect(findingOf('P5  drained, times graphile-worker: 1.72 (target >= 1.5) met')).toEqual({
    id: 'P5',
    what: 'drained, times graphile-worker',
    value: '1.72',
    target: '>= 1.5',
    stands: 'met',
  })
  expect(findingOf('P7  us of CPU: 2.55 (target <= 2) MISSED')).toMatchObject({ stands: 'MISSED' })
})

test('a figure without a target is read, and so is the reason why there is none', () => {
  expect(findingOf('P2  statements each: 1.00')).toMatchObject({ what: 'statements each', value: '1.00', stands: '' })
  expect(findingOf('P6  @nestjs/cqrs: not measured: npm is out of reach: no network')).toMatchObject({
    what: '@nestjs/cqrs',
    value: 'npm is out of reach: no network',
    stands: 'not measured',
  })
})

test('other lines are for people', () => {
  expect(findingOf('  relay with inbox      39.1 us (34.0..52.3)')).toBeUndefined()
  expect(findingOf('P5: about what follows')).toBeUndefined()
})

test('the table is in order of the ids, its columns in line', () => {
  const findings = ['P10  start, s: 1.20 (target <= 1.5) met', 'P2  list: 0.90 (target >= 0.85) met'].flatMap(
    (line) => findingOf(line) ?? [],
  )
  expect(tableOf(findings).split('\n')).toEqual([
    'id   figure    value  target   stands',
    'P2   list      0.90   >= 0.85  met',
    'P10  start, s  1.20   <= 1.5   met',
  ])
})
