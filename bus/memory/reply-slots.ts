import type { Instant } from '#domain/kernel/clock.ts'
import type { ReplySlots } from '../request-reply/sqs-lane/reply-slots.ts'

/** Leases that every instance made on the same value shares. */
export const createMemoryReplySlots = (count: number): ReplySlots => {
  const slots: { epoch: number; until: Instant }[] = Array.from({ length: count }, () => ({ epoch: 0, until: '' }))
  return {
    take: async (now, until) => {
      const slot = slots.findIndex((row) => row.until <= now)
      const row = slots[slot]
      if (!row) return undefined
      row.epoch++
      row.until = until
      return { slot, epoch: row.epoch }
    },
    renew: async ({ slot, epoch }, until) => {
      const row = slots[slot]
      if (row?.epoch !== epoch) return false
      row.until = until
      return true
    },
    release: async ({ slot, epoch }, now) => {
      const row = slots[slot]
      if (row?.epoch === epoch) row.until = now
    },
  }
}
