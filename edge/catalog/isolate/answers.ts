import type { Document } from '../http/document.ts'
import type { Snapshot } from '../search/snapshot.ts'
import { BoundedMap } from './bounded-map.ts'
import { isFresh } from './freshness.ts'

interface Answer {
  readonly document: Document
  readonly readAt: number
}

const BUDGET = 8_000_000

/**
 * Bodies worked out from the index, under the canonical query; half a second, since runs open and close by the clock.
 * They go with the snapshot they were made from, and never hold it: an isolate has no room for catalogs of the past.
 */
export class Answers {
  readonly #answers = new WeakMap<Snapshot, BoundedMap<Answer>>()

  fresh(key: string, snapshot: Snapshot): Document | undefined {
    const answer = this.#answers.get(snapshot)?.get(key)
    return answer && isFresh(answer, Date.now()) ? answer.document : undefined
  }

  store(key: string, snapshot: Snapshot, document: Document): void {
    const answers = this.#answers.get(snapshot) ?? new BoundedMap<Answer>(BUDGET)
    this.#answers.set(snapshot, answers)
    answers.set(key, { document, readAt: Date.now() }, document.body.length)
  }
}
