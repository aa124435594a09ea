import type { Call } from '../http/call.ts'
import type { Isolate } from '../isolate/isolate.ts'
import { facets } from '../search/facets.ts'
import { fromIndex } from './from-index.ts'

export function getFacets(call: Call, isolate: Isolate): Response | Promise<Response> {
  const { filter, canonical } = isolate.facetQueries.get(call.search)
  return fromIndex(call, isolate, `facets?${canonical}`, (snapshot, now) => ({ data: facets(snapshot, filter, now) }))
}
