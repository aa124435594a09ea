import { BoundedMap } from './bounded-map.ts'

const BUDGET = 1_000_000

/** Queries by the text they came as: reading one costs more than the rest of a hit. Refusals are not kept. */
export class ParsedQueries<Q> {
  readonly #queries = new BoundedMap<Q>(BUDGET)
  readonly #read: (search: string) => Q

  constructor(read: (search: string) => Q) {
    this.#read = read
  }

  get(search: string): Q {
    const known = this.#queries.get(search)
    if (known !== undefined) return known
    const query = this.#read(search)
    this.#queries.set(search, query, search.length + 500)
    return query
  }
}
