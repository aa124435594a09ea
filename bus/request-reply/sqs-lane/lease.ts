import { addMs, type Clock, SECOND } from '#domain/kernel/clock.ts'
import type { ReplySlot, ReplySlots } from './reply-slots.ts'

const LEASE_MS = 15 * SECOND
const RENEW_MS = 5 * SECOND
/** How long nobody looks for a slot where none was free. */
const LOOK_AGAIN_MS = SECOND

/** The reply slot of this process, taken when it is first needed and renewed until it is given back. */
export interface Lease {
  /** The slot that is held now; takes one where none is. `undefined` where none is free. */
  hold(): Promise<ReplySlot | undefined>
  /** Stops renewing: another has the slot. */
  lose(lost: ReplySlot): void
  release(): Promise<void>
}

export interface LeaseOptions {
  readonly slots: ReplySlots
  readonly clock: Clock
  readonly onLost: (slot: ReplySlot) => void
}

export const createLease = ({ slots, clock, onLost }: LeaseOptions): Lease => {
  let held: { readonly slot: ReplySlot; untilMs: number; readonly timer: NodeJS.Timeout } | undefined
  let taking: Promise<ReplySlot | undefined> | undefined
  let noneUntilMs = 0

  const lose = (lost: ReplySlot): void => {
    if (held?.slot !== lost) return
    clearInterval(held.timer)
    held = undefined
    onLost(lost)
  }

  /** A store out of reach loses nothing yet: the lease is good until its time is over. */
  const renew = async (slot: ReplySlot): Promise<void> => {
    const startedMs = performance.now()
    const renewed = await slots.renew(slot, addMs(clock.now(), LEASE_MS)).catch(() => undefined)
    if (held?.slot !== slot) return
    if (renewed) held.untilMs = startedMs + LEASE_MS
    else if (renewed === false || performance.now() >= held.untilMs) lose(slot)
  }

  const take = async (): Promise<ReplySlot | undefined> => {
    const startedMs = performance.now()
    const now = clock.now()
    const slot = await slots.take(now, addMs(now, LEASE_MS))
    if (!slot) {
      noneUntilMs = startedMs + LOOK_AGAIN_MS
      return undefined
    }
    const timer = setInterval(() => void renew(slot), RENEW_MS)
    timer.unref()
    held = { slot, untilMs: startedMs + LEASE_MS, timer }
    return slot
  }

  return {
    hold: async () => {
      // A process that stood still for longer than its lease finds out here, before it uses the slot of another.
      if (held && performance.now() >= held.untilMs) lose(held.slot)
      if (held) return held.slot
      if (performance.now() < noneUntilMs) return undefined
      taking ??= take().finally(() => {
        taking = undefined
      })
      return taking
    },
    lose,
    release: async () => {
      await taking
      if (!held) return
      const { slot, timer } = held
      clearInterval(timer)
      held = undefined
      await slots.release(slot, clock.now())
    },
  }
}
