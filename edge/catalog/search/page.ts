import type { Match } from './matching.ts'
import { comparePositions, type Position, position, type Sort } from './sorting.ts'

export interface Page {
  readonly matches: readonly Match[]
  /** Position of the last one, when more follow. */
  readonly next?: Position
}

/**
 * The first `limit` matches after a position. A page is cut by value and not by offset: courses that appear or vanish
 * meanwhile neither repeat nor hide others. One pass with a short sorted window, since sorting all is the dearer part.
 */
export function page(matches: readonly Match[], sort: Sort, limit: number, now: number, after?: Position): Page {
  const window: { at: Position; match: Match }[] = []
  for (const match of matches) {
    const at = position(sort, match, now)
    if (after && comparePositions(at, after) <= 0) continue
    const last = window[limit]
    if (last && comparePositions(at, last.at) > 0) continue
    window.splice(insertionPoint(window, at), 0, { at, match })
    if (window.length > limit + 1) window.pop()
  }
  const shown = window.slice(0, limit)
  const next = window.length > limit ? shown.at(-1)?.at : undefined
  return { matches: shown.map(({ match }) => match), ...(next && { next }) }
}

function insertionPoint(window: readonly { at: Position }[], at: Position): number {
  let low = 0
  let high = window.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const other = window[middle]
    if (other && comparePositions(other.at, at) < 0) low = middle + 1
    else high = middle
  }
  return low
}
