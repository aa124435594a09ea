import type { Journal } from '../people/client.ts'
import type { World } from '../world/world.ts'

/** What the invariants look at: everything stored, the provider's own books, and what was promised to callers. */
export interface Evidence {
  readonly world: World
  readonly journal: Journal
}

/** One broken promise; nothing is yielded where the invariant holds. */
export type Invariant = (evidence: Evidence) => Iterable<string>
