import { expect, test } from 'vitest'
import { showProgress } from './progress.ts'

test('a watched terminal shows one line that fills and goes away', () => {
  const drawn: string[] = []
  const progress = showProgress({ out() {}, error() {}, redraw: (text) => drawn.push(text) }, 4)
  progress.advance(1)
  progress.advance(3)
  progress.end()
  expect(drawn).toEqual([
    `[${'.'.repeat(30)}] 0 %  0 of 4 courses`,
    `[${'#'.repeat(8)}${'.'.repeat(22)}] 25 %  1 of 4 courses`,
    `[${'#'.repeat(30)}] 100 %  4 of 4 courses`,
    '',
  ])
})
