import type { Outbox, OutboxRow } from '../outbox/outbox.ts'
import { SHARDS } from '../outbox/shard.ts'
import type { Session } from './session.ts'
import type { MemoryState, StoredRow } from './state.ts'

const ALL_SHARDS = Array.from({ length: SHARDS }, (_, shard) => shard)

/** The outbox in memory. A shard belongs to the session that claimed it, until that ends or gives it back. */
export const createMemoryOutbox = (state: MemoryState, session: Session): Outbox => {
  const holds = (shard: number): boolean => state.shards.get(shard) === session

  const claimShard = (shard: number): void => {
    if (state.shards.get(shard)?.ended ?? true) state.shards.set(shard, session)
  }

  const isHeldBack = ({ key }: StoredRow, now: string): boolean => {
    const held = state.heldKeys.get(key)
    return held !== undefined && held.until > now
  }

  const present = ({ seq, key, route, type, envelope }: StoredRow): OutboxRow => {
    const attempts = state.heldKeys.get(key)?.attempts ?? 0
    return { seq, key, route, type, envelope, attempts }
  }

  const giveBack = (): Promise<void> =>
    session.access(() => {
      for (const shard of ALL_SHARDS.filter(holds)) state.shards.delete(shard)
    })

  return {
    claim: () =>
      session.access(() => {
        ALL_SHARDS.forEach(claimShard)
        return ALL_SHARDS.filter(holds).length
      }),
    stillHolds: () => session.access(() => ALL_SHARDS.some(holds)),
    take: (limit, now) =>
      session.access(() =>
        state.outbox
          .filter((row) => holds(row.shard) && !isHeldBack(row, now))
          .slice(0, limit)
          .map(present),
      ),
    accept: (seqs, releasedKeys) =>
      session.access(() => {
        const gone = new Set(seqs)
        state.outbox = state.outbox.filter(({ seq }) => !gone.has(seq))
        for (const key of releasedKeys) state.heldKeys.delete(key)
      }),
    hold: (key, attempts, until, reason) =>
      session.access(() => {
        state.heldKeys.set(key, { attempts, until, reason })
      }),
    backlog: () =>
      session.access(() => ({
        rows: state.outbox.length,
        oldest: state.outbox.map(({ writtenAt }) => writtenAt).sort()[0],
        heldKeys: state.heldKeys.size,
      })),
    letGo: giveBack,
    release: giveBack,
  }
}
