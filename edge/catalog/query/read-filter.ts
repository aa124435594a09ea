import { Problem } from '../http/problem.ts'
import { AVAILABILITIES } from '../search/availability.ts'
import { words } from '../search/text.ts'
import type { CatalogFilter } from './catalog-filter.ts'
import type { Parameters } from './parameters.ts'

const HIGHEST_AMOUNT = 999_999_999_999

export function readFilter(parameters: Parameters): CatalogFilter {
  const q = searchText(parameters)
  const currency = parameters.matching('currency', /^[A-Z]{3}$/, 'an ISO 4217 code in upper case')
  const priceMin = parameters.integer('priceMin', 0, HIGHEST_AMOUNT)
  const priceMax = parameters.integer('priceMax', 0, HIGHEST_AMOUNT)
  const rating = parameters.integer('rating', 1, 5)
  const filter: CatalogFilter = {
    ...(q !== undefined && { q }),
    subject: parameters.list('subject'),
    level: parameters.list('level'),
    language: [...new Set(parameters.list('language').map((tag) => tag.toLowerCase()))].sort(),
    tutor: parameters.list('tutor'),
    pacing: parameters.list('pacing'),
    availability: parameters.someOf('availability', AVAILABILITIES),
    ...(currency !== undefined && { currency }),
    ...(priceMin !== undefined && { priceMin }),
    ...(priceMax !== undefined && { priceMax }),
    ...(rating !== undefined && { rating }),
    free: parameters.oneOf('free', ['true', 'false']) === 'true',
  }
  parameters.finish()
  checkPrices(filter)
  return filter
}

/** Words as the index has them. Signs alone stay a search, one that finds nothing, instead of becoming none. */
export function searchText(parameters: Parameters): string | undefined {
  const text = parameters.text('q')?.trim()
  return text ? words(text).join(' ') || text.slice(0, 1) : undefined
}

function checkPrices({ priceMin, priceMax, currency }: CatalogFilter): void {
  if ((priceMin ?? priceMax) !== undefined && currency === undefined) {
    throw rule('currency', 'A price range needs a currency: amounts of two currencies do not compare.')
  }
  if (priceMin !== undefined && priceMax !== undefined && priceMin > priceMax) {
    throw rule('priceMax', 'Must not be less than priceMin.')
  }
}

export const rule = (parameter: string, detail: string) =>
  new Problem(422, 'UNPROCESSABLE_QUERY', detail, { errors: [{ parameter, detail }] })

/** One text for all ways to write the same filter: parameters in fixed order, alternatives sorted, defaults left out. */
export function canonicalFilter(filter: CatalogFilter): string {
  const canonical = new URLSearchParams()
  for (const [name, value] of Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (Array.isArray(value)) for (const each of value) canonical.append(name, each)
    else if (value !== undefined && value !== false) canonical.set(name, String(value))
  }
  return canonical.toString()
}
