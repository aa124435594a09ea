import type { Env } from '../env.ts'
import { Cursors } from '../query/cursor.ts'
import { readFacetQuery } from '../query/read-facet-query.ts'
import { readListQuery } from '../query/read-list-query.ts'
import { Answers } from './answers.ts'
import { Breaker } from './breaker.ts'
import { CatalogIndex } from './catalog-index.ts'
import { Pages } from './pages.ts'
import { ParsedQueries } from './parsed-queries.ts'
import { type Read, redisReader } from './redis-reader.ts'

/** Everything that outlives a request: values only, never a promise, client or stream, which belong to their request. */
export class Isolate {
  readonly pages = new Pages()
  readonly index = new CatalogIndex()
  readonly answers = new Answers()
  readonly listQueries = new ParsedQueries(readListQuery)
  readonly facetQueries = new ParsedQueries(readFacetQuery)
  readonly #breaker = new Breaker()
  #cursors: Cursors | undefined

  reader(env: Env): Read {
    return redisReader(env, this.#breaker)
  }

  cursors(env: Env): Cursors {
    this.#cursors ??= new Cursors(env.CURSOR_SECRET)
    return this.#cursors
  }
}
