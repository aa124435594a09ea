import type { Clock, Instant } from '#domain/kernel/clock.ts'
import { IdempotencyKeyReused, RequestInFlight } from '../cqrs/errors.ts'
import { decodeAnswer, encodeOutput, encodeRefusal, fingerprintOf, scopeOf } from '../idempotency/answer.ts'
import type { IdempotencyRecords } from '../idempotency/idempotency.ts'
import { IDEMPOTENCY } from '../unit-of-work/missed.ts'
import type { Store } from '../unit-of-work/store.ts'
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts'
import type { Session } from './session.ts'
import { type MemoryState, pairOf, removeWhere } from './state.ts'
import { memoryOf } from './store.ts'

export interface MemoryIdempotency extends IdempotencyRecords {
  /** Removes answers given before `before`. */
  prune(before: Instant): Promise<number>
}

/** Answers by idempotency key. What is in flight is known to the process alone; the check at the flush settles the rest. */
export const createMemoryIdempotency = (
  { answers }: MemoryState,
  session: Session,
  store: Store,
  clock: Clock,
): MemoryIdempotency => {
  const inFlight = new Set<string>()

  const write = (unit: UnitOfWork, id: string, fingerprint: string, answer: string): void => {
    const tx = memoryOf(unit)
    tx.writeFirst({
      name: IDEMPOTENCY,
      check: () => !answers.has(id),
      apply: () => answers.set(id, { fingerprint, answer, createdAt: tx.now }),
    })
  }

  return {
    open: async (definition, key, actor, input) => {
      const id = pairOf(scopeOf(definition, actor), key)
      if (inFlight.has(id)) throw RequestInFlight()
      inFlight.add(id)
      const fingerprint = fingerprintOf(input)
      const record = await session.access(() => answers.get(id))
      if (record && record.fingerprint !== fingerprint) {
        inFlight.delete(id)
        throw IdempotencyKeyReused()
      }
      return {
        stored: record && (() => decodeAnswer(record.answer)),
        record: (tx, output) => write(tx, id, fingerprint, encodeOutput(output)),
        recordRefusal: async (error, origin) => {
          const answer = encodeRefusal(error)
          if (answer === undefined) return
          const tx = store.begin(clock.now(), origin)
          write(tx, id, fingerprint, answer)
          await store.flush(tx)
        },
        close: () => inFlight.delete(id),
      }
    },
    prune: (before) => session.access(() => removeWhere(answers, ({ createdAt }) => createdAt < before)),
  }
}
