import type { z } from 'zod'
import type { DeclaredError } from './errors.ts'

/** A message that one service answers: a request with a typed reply, a command or a saga step. */
export interface MessageDefinition<In = unknown, Out = unknown> {
  readonly kind: 'message'
  /** The shared pattern, e.g. `payment.process`. */
  readonly type: string
  readonly input: z.ZodType<In>
  readonly output: z.ZodType<Out>
  readonly errors: readonly DeclaredError[]
  /** How long a requester waits for the reply, in milliseconds. */
  readonly deadlineMs: number
  /** True when repeating it has no further effect even without an idempotency key (reads). */
  readonly idempotent: boolean
  /** True when its input must never enter a queue (a password). */
  readonly sensitive: boolean
  /** Who may send it: any service, or only the one that handles it (saga steps, commands to itself). */
  readonly audience: 'services' | 'self'
}

/**
 * Declares a message once.
 * @example
 * export const GetOffer = message('course.get_offer', { input, output, errors: [RunNotFound], idempotent: true })
 */
export const message = <In, Out>(
  type: string,
  options: {
    input: z.ZodType<In>
    output: z.ZodType<Out>
    errors?: readonly DeclaredError[]
    deadlineMs?: number
    idempotent?: boolean
    sensitive?: boolean
    audience?: 'services' | 'self'
  },
): MessageDefinition<In, Out> => ({
  kind: 'message',
  type,
  errors: [],
  deadlineMs: 5_000,
  idempotent: false,
  sensitive: false,
  audience: 'services',
  ...options,
})
