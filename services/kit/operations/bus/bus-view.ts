import { z } from 'zod'
import { Instant } from '#domain/kernel/clock.ts'

const count = z.int().min(0)

/** Where the messages of one service stand, for an administrator and `npm run bus -- doctor`. */
export const BusView = z.object({
  /** The service's clock, by which the other instants are to be judged. */
  now: Instant,
  outbox: z.object({
    rows: count,
    oldestAt: Instant.optional(),
    heldKeys: count,
  }),
  /** The keys that failed most often, a hundred at most; `outbox.heldKeys` counts all. */
  heldKeys: z.array(z.object({ key: z.string(), attempts: count, until: Instant, reason: z.string() })),
  /** How many shards there are to be relayed. */
  shards: count,
  /** The processes that relay; all shards have one unless one is just starting. */
  relays: z.array(z.object({ session: z.int(), shards: count })),
  /** Reply queues that were leased at least once; none where requests do not go through queues. */
  replySlots: z.array(z.object({ slot: count, epoch: count, until: Instant })),
})
export type BusView = z.infer<typeof BusView>
