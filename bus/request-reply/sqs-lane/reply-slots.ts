import type { Instant } from '#domain/kernel/clock.ts'

/** A reply queue that an instance holds. */
export interface ReplySlot {
  readonly slot: number
  /** Fences: replies of another epoch are not this lessee's. */
  readonly epoch: number
}

/** The leases of a service's reply queues, of which the deployment made a fixed number. */
export interface ReplySlots {
  /** Takes a slot whose lease is over; `undefined` where none is free. */
  take(now: Instant, until: Instant): Promise<ReplySlot | undefined>
  /** False where the lease was over and somebody else has the slot. */
  renew(held: ReplySlot, until: Instant): Promise<boolean>
  /** Frees the slot, unless somebody else has it. */
  release(held: ReplySlot, now: Instant): Promise<void>
}

/** The name of a slot as requests carry it; it is no queue's name, so that nobody can name another queue. */
export const slotName = (service: string, { slot }: Pick<ReplySlot, 'slot'>): string => `${service}-reply-${slot}`

/** The slot behind a name, where it is one of the sender's. */
export const slotNamed = (name: string, sender: string, count: number): number | undefined => {
  const [, digits = ''] = /-reply-(\d{1,4})$/.exec(name) ?? []
  const slot = Number(digits)
  return digits !== '' && slot < count && name === slotName(sender, { slot }) ? slot : undefined
}
