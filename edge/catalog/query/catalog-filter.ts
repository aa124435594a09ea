import type { Availability } from '../search/availability.ts'

/** What narrows the catalog; lists are alternatives, empty ones do not narrow. */
export interface CatalogFilter {
  /** Words in the form of the index, joined by single spaces. */
  readonly q?: string
  readonly subject: readonly string[]
  readonly level: readonly string[]
  /** Ranges in lower case: `en` matches `en-GB`. */
  readonly language: readonly string[]
  readonly tutor: readonly string[]
  readonly pacing: readonly string[]
  readonly availability: readonly Availability[]
  readonly currency?: string
  /** Minor units of `currency`. */
  readonly priceMin?: number
  readonly priceMax?: number
  readonly free: boolean
  /** The least mean of its reviews. */
  readonly rating?: number
}
