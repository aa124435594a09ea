import type { Ids } from '#domain/kernel/ids.ts'

/** Ids as the platform's, counted instead of drawn: the same run makes the same ones. */
export const createTestIds = (): Ids => {
  let last = 0
  return {
    next: (prefix) => {
      last += 1
      return `${prefix}_01890000-0000-7000-8000-${last.toString(16).padStart(12, '0')}`
    },
  }
}
