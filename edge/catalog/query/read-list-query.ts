import { SORTS, type Sort } from '../search/sorting.ts'
import type { CatalogFilter } from './catalog-filter.ts'
import { Parameters } from './parameters.ts'
import { canonicalFilter, readFilter, rule } from './read-filter.ts'

/** Fields of a list item, in the order in which they are sent. */
export const ITEM_FIELDS = [
  'id',
  'slug',
  'title',
  'summary',
  'subject',
  'level',
  'language',
  'tutor',
  'price',
  'pacing',
  'availability',
  'startsAt',
  'rating',
  'publishedAt',
  'updatedAt',
] as const
export type ItemField = (typeof ITEM_FIELDS)[number]

/** A cursor into titles holds a title of up to 300 letters of any script. */
export const LONGEST_CURSOR = 4000

export interface ListQuery {
  readonly filter: CatalogFilter
  readonly sort: Sort
  /** Undefined: all of them. */
  readonly fields: readonly ItemField[] | undefined
  readonly limit: number
  readonly cursor: string | undefined
  /** What a cursor is bound to: filter and sort. */
  readonly scope: string
  /** The whole query, written in one way. */
  readonly canonical: string
}

export function readListQuery(search: string): ListQuery {
  const parameters = new Parameters(search)
  const asked = parameters.oneOf('sort', SORTS)
  const chosen = parameters.someOf('fields', ITEM_FIELDS)
  const limit = parameters.integer('limit', 1, 100) ?? 20
  const cursor = parameters.text('cursor', LONGEST_CURSOR)
  const filter = readFilter(parameters)
  if (asked === 'relevance' && filter.q === undefined) throw rule('sort', 'Relevance needs a search text (q).')
  const sort = asked ?? (filter.q === undefined ? 'newest' : 'relevance')
  const fields = chosen.length > 0 ? ITEM_FIELDS.filter((field) => chosen.includes(field)) : undefined
  const scope = `${canonicalFilter(filter)}&sort=${sort}`
  const shape = `&limit=${limit}${fields ? `&fields=${fields}` : ''}`
  return { filter, sort, fields, limit, cursor, scope, canonical: `${scope}${shape}&cursor=${cursor ?? ''}` }
}

/** The address of the next page, in canonical order. */
export function nextSearch({ scope, limit, fields }: ListQuery, cursor: string): string {
  const parameters = new URLSearchParams(scope)
  parameters.set('limit', String(limit))
  if (fields) parameters.set('fields', fields.join(','))
  parameters.set('cursor', cursor)
  return `?${parameters}`
}
