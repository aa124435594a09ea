import type { CatalogFilter } from './catalog-filter.ts'
import { Parameters } from './parameters.ts'
import { canonicalFilter, readFilter } from './read-filter.ts'

export interface FacetQuery {
  readonly filter: CatalogFilter
  readonly canonical: string
}

export function readFacetQuery(search: string): FacetQuery {
  const filter = readFilter(new Parameters(search))
  return { filter, canonical: canonicalFilter(filter) }
}
