import { setTimeout as delay } from 'node:timers/promises'
import type { Outbox } from '#bus/outbox/outbox.ts'
import { SHARDS } from '#bus/outbox/shard.ts'

export interface ShortRelayOptions {
  readonly outbox: Outbox
  /** One pass of the relay. */
  readonly sweep: () => Promise<number>
  /** In [0, 1), so that those who wait for the same shards do not ask in step. */
  readonly random: () => number
}

const ASK_AGAIN_MS = 20

/**
 * A relay that runs while an event is handled: a function is frozen after its answer, and must keep no shard then.
 * It returns when nothing is left, when each shard was held once (what is left is held back), or when the time is over.
 * Calls run one after another.
 */
export const createShortRelay = ({
  outbox,
  sweep,
  random,
}: ShortRelayOptions): ((untilMs: number) => Promise<void>) => {
  const sweepAll = async (untilMs: number): Promise<boolean> => {
    try {
      const held = await outbox.claim()
      while (held > 0 && (await sweep()) > 0 && performance.now() < untilMs);
      return held === SHARDS
    } finally {
      await outbox.letGo()
    }
  }

  const relay = async (untilMs: number): Promise<void> => {
    while (!(await sweepAll(untilMs)) && performance.now() < untilMs) {
      // Whoever has the other shards may have taken ours along.
      if ((await outbox.backlog()).rows === 0) return
      await delay(ASK_AGAIN_MS * (0.5 + random()))
    }
  }

  let last = Promise.resolve()
  return (untilMs) => {
    const next = last.then(() => relay(untilMs))
    last = next.catch(() => undefined)
    return next
  }
}
