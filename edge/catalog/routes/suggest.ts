import type { Call } from '../http/call.ts'
import type { Isolate } from '../isolate/isolate.ts'
import { readSuggestQuery } from '../query/read-suggest-query.ts'
import { suggestions } from '../search/suggestions.ts'
import { fromIndex } from './from-index.ts'

export function suggest(call: Call, isolate: Isolate): Response | Promise<Response> {
  const { q, limit, canonical } = readSuggestQuery(call.search)
  return fromIndex(call, isolate, `suggest?${canonical}`, (snapshot) => ({
    data: { items: suggestions(snapshot, q, limit) },
  }))
}
