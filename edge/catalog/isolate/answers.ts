import type { Document } from '../http/document.ts'
import type { Snapshot } from '../search/snapshot.ts'
import { BoundedMap } from './bounded-map.ts'
import { isFresh } from './freshness.ts'

interface Answer {
  readonly document: Document
  readonly snapshot: Snapshot
  readonly readAt: number
}

const BUDGET = 8_000_000

/** Bodies worked out from the index, under the canonical query; half a second, since runs open and close by the clock. */
export class Answers {
  readonly #answers = new BoundedMap<Answer>(BUDGET)

  fresh(key: string, snapshot: Snapshot): Document | undefined {
    const answer = this.#answers.get(key)
    return answer && answer.snapshot === snapshot && isFresh(answer, Date.now()) ? answer.document : undefined
  }

  store(key: string, snapshot: Snapshot, document: Document): void {
    this.#answers.set(key, { document, snapshot, readAt: Date.now() }, document.body.length)
  }
}
