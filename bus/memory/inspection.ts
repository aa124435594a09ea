import type { BusInspection } from '../inspection/inspection.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Session } from './session.ts'
import type { MemoryState } from './state.ts'

/** What one service has stored. Its requests are answered in the same process, so that it has no reply slots. */
export const createMemoryInspection = (
  state: MemoryState,
  session: Session,
  outbox: Pick<Outbox, 'backlog'>,
): BusInspection => ({
  backlog: outbox.backlog,
  heldKeys: (limit) =>
    session.access(() =>
      [...state.heldKeys]
        .map(([key, held]) => ({ key, ...held }))
        .toSorted((a, b) => b.attempts - a.attempts || (a.key < b.key ? -1 : 1))
        .slice(0, limit),
    ),
  relays: () =>
    session.access(() => {
      const holders = Map.groupBy(
        [...state.shards.values()].filter(({ ended }) => !ended),
        (holder) => holder,
      )
      return [...holders.values()]
        .map((held, at) => ({ session: at + 1, shards: held.length }))
        .toSorted((a, b) => b.shards - a.shards)
    }),
  replySlots: async () => [],
})
