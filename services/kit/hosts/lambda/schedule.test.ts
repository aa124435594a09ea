import { expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '#domain/kernel/clock.ts'
import { standingClock } from '../../auth/fixtures.ts'
import { createSchedule } from './schedule.ts'

const LONG_MS = 10_000

/** A schedule whose work is noted; `failing` fails. */
const scheduled = (failing?: string) => {
  const clock = standingClock()
  const told: string[] = []
  let due = 2
  const note = async (work: string): Promise<void> => {
    told.push(work)
    if (work === failing) throw new Error('no')
  }
  const run = createSchedule({
    relay: () => note('relay'),
    timers: async () => {
      await note('timers')
      return due > 0 ? due-- : 0
    },
    periodic: [
      { name: 'repair', everyMs: 30 * SECOND, run: () => note('repair') },
      { name: 'prune', everyMs: HOUR, run: () => note('prune') },
    ],
    clock,
    onFailure: (work, error) => told.push(`${work}: ${error}`),
  })
  const minuteLater = async (leftMs = LONG_MS): Promise<string[]> => {
    told.length = 0
    clock.advance(MINUTE / SECOND)
    await run(leftMs).catch((error: unknown) => told.push(String(error)))
    return told
  }
  return { minuteLater }
}

test('the outbox is carried first and last, timers fire until none is due, and jobs keep their intervals', async () => {
  const { minuteLater } = scheduled()
  expect(await minuteLater()).toEqual(['relay', 'timers', 'timers', 'timers', 'repair', 'prune', 'relay'])
  for (let minute = 1; minute < 60; minute++)
    expect(await minuteLater()).toEqual(['relay', 'timers', 'repair', 'relay'])
  expect(await minuteLater()).toEqual(['relay', 'timers', 'repair', 'prune', 'relay'])
})

test('what fails holds nothing else up, fails the event, and a job that failed is tried again', async () => {
  const { minuteLater } = scheduled('prune')
  const failed = ['prune', 'prune: Error: no', 'relay', 'Error: Failed: prune.']
  expect(await minuteLater()).toEqual(['relay', 'timers', 'timers', 'timers', 'repair', ...failed])
  expect(await minuteLater()).toEqual(['relay', 'timers', 'repair', ...failed])
})

test('nothing is begun when the time is over', async () => {
  const { minuteLater } = scheduled()
  expect(await minuteLater(0)).toEqual([])
})
