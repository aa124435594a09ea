import type { z } from 'zod'

/** An integration event as a value: find-references on it lists the producer and every consumer. */
export interface EventDefinition<Data = unknown> {
  readonly kind: 'event'
  /** The shared pattern, e.g. `course.published`. */
  readonly type: string
  readonly version: number
  readonly data: z.ZodType<Data>
  /** True for small, frequent facts, which may travel several in one entry of an event bus. */
  readonly packed: boolean
}

/** An event that an aggregate has applied and that waits for the flush. */
export interface DomainEvent<Data = unknown> {
  readonly definition: EventDefinition<Data>
  readonly data: Data
}

/**
 * Declares an event once. Its data carries ids, never personal data.
 * @example
 * export const CoursePublished = event('course.published', { version: 1, data: z.object({ courseId: CourseId }) })
 */
export const event = <Data>(
  type: string,
  options: { version: number; data: z.ZodType<Data>; packed?: boolean },
): EventDefinition<Data> => ({ kind: 'event', type, packed: false, ...options })
