import type { Ids } from '#domain/kernel/ids.ts'
import type { Random } from './random.ts'

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

/** UUIDv7 ids of virtual time: a counter keeps them in order, and drawn digits spread them over the shards. */
export const createSeededIds = (nowMs: () => number, random: Random): Ids => {
  let made = 0
  return {
    next: (prefix) => {
      made += 1
      const time = hex(nowMs(), 12)
      const [high, low] = [hex(made >>> 12, 3), hex(made & 0xfff, 3)]
      const tail = `${hex(random.int(2 ** 24), 6)}${hex(random.int(2 ** 24), 6)}`
      return `${prefix}_${time.slice(0, 8)}-${time.slice(8)}-7${high}-8${low}-${tail}`
    },
  }
}
