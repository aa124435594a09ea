import { describe, expect, test } from 'vitest'
import type { DeadLetter } from '../dead-letters/dead-letters.ts'
import type { MakeFixture } from './fixture.ts'
import { sceneOf } from './scene.ts'

const letter = (n: number): DeadLetter => ({
  id: `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
  consumer: 'tally/counting',
  messageId: `msg_${n}`,
  type: 'tally.counted',
  key: 'a',
  envelope: '{"not": even JSON',
  reason: 'Error: no',
  failedAt: '2026-03-01T12:00:00.100Z',
})

/** What every store of dead letters keeps. */
export const deadLettersContract = (name: string, make: MakeFixture): void => {
  describe(`dead letters on ${name}`, () => {
    const scene = sceneOf(make)

    const withLetters = async (...numbers: number[]) => {
      const { deadLetters } = scene().process
      for (const n of numbers) await deadLetters.add(letter(n))
      return deadLetters
    }

    test('are kept as they came', async () => {
      const letters = await withLetters(1)
      expect(await letters.find(letter(1).id)).toEqual(letter(1))
      expect(await letters.find(letter(2).id)).toBeUndefined()
    })

    test('are listed from the oldest on, page by page', async () => {
      const letters = await withLetters(3, 1, 2)
      expect(await letters.list(undefined, 2)).toEqual([letter(1), letter(2)])
      expect(await letters.list(letter(2).id, 2)).toEqual([letter(3)])
      expect(await letters.list(letter(3).id, 2)).toEqual([])
    })

    test('are removed once', async () => {
      const letters = await withLetters(1, 2)
      expect(await letters.remove(letter(1).id)).toBe(true)
      expect(await letters.remove(letter(1).id)).toBe(false)
      expect(await letters.list(undefined, 10)).toEqual([letter(2)])
    })
  })
}
