import { Problem } from '../http/problem.ts'
import { Parameters } from './parameters.ts'
import { searchText } from './read-filter.ts'

export interface SuggestQuery {
  readonly q: string
  readonly limit: number
  readonly canonical: string
}

export function readSuggestQuery(search: string): SuggestQuery {
  const parameters = new Parameters(search)
  const q = searchText(parameters)
  const limit = parameters.integer('limit', 1, 20) ?? 10
  parameters.finish()
  if (q !== undefined) return { q, limit, canonical: `${new URLSearchParams({ q, limit: String(limit) })}` }
  const errors = [{ parameter: 'q', detail: 'Required.' }]
  throw new Problem(400, 'INVALID_INPUT', 'A query parameter is missing.', { errors })
}
