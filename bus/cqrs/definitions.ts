import type { DeclaredError } from '#domain/kernel/errors.ts'
import type { z } from 'zod'

/** What a definition needs of its caller: a scope of a signed-in actor, or nothing. */
export type RequiredScope = `${string}:${string}` | 'public'

/** A request to change something, as a value: the handler, the HTTP route and the documents are derived from it. */
export interface Command<In = unknown, Out = unknown> {
  readonly kind: 'command'
  readonly type: string
  readonly input: z.ZodType<In>
  readonly output: z.ZodType<Out>
  readonly errors: readonly DeclaredError[]
  readonly scope: RequiredScope
  /** True when callers must bring an idempotency key; repeating it returns the first answer. */
  readonly idempotent: boolean
}

/** A request to read something, as a value. */
export interface Query<In = unknown, Out = unknown> {
  readonly kind: 'query'
  readonly type: string
  readonly input: z.ZodType<In>
  readonly output: z.ZodType<Out>
  readonly errors: readonly DeclaredError[]
  readonly scope: RequiredScope
}

interface Contract<In, Out> {
  input: z.ZodType<In>
  output: z.ZodType<Out>
  errors?: readonly DeclaredError[]
  scope: RequiredScope
}

/**
 * Declares a command once.
 * @example
 * export const PublishCourse = command('learning.publish_course', {
 *   input: z.strictObject({ courseId: CourseId }), output: CourseDto, errors: [CourseNotFound], scope: 'courses:write' })
 */
export const command = <In, Out>(
  type: string,
  contract: Contract<In, Out> & { idempotent?: boolean },
): Command<In, Out> => ({ kind: 'command', type, errors: [], idempotent: false, ...contract })

/** Declares a query once. */
export const query = <In, Out>(type: string, contract: Contract<In, Out>): Query<In, Out> => ({
  kind: 'query',
  type,
  errors: [],
  ...contract,
})
