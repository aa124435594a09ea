import { createHash } from 'node:crypto'
import { DomainError } from '#domain/kernel/errors.ts'
import { z } from 'zod'
import type { Actor } from '../cqrs/actor.ts'
import type { Command } from '../cqrs/definitions.ts'

const ErrorKind = z.enum([
  'conflict',
  'unprocessable',
  'gone',
  'locked',
  'not_found',
  'forbidden',
  'precondition_failed',
])

/** What is stored under an idempotency key: the output, or the refusal. */
const Answer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('output'), output: z.unknown() }),
  z.object({
    outcome: z.literal('refusal'),
    code: z.string(),
    kind: ErrorKind,
    detail: z.string(),
    fields: z.array(z.object({ pointer: z.string(), detail: z.string() })),
  }),
])

export const encodeOutput = (output: unknown): string => JSON.stringify({ outcome: 'output', output })

/** A refusal that answers its key for good; `undefined` for one that a later try may not meet again. */
export const encodeRefusal = ({ code, kind, message, fields }: DomainError): string | undefined => {
  const parsed = ErrorKind.safeParse(kind)
  return parsed.success
    ? JSON.stringify({ outcome: 'refusal', code, kind: parsed.data, detail: message, fields })
    : undefined
}

/** The stored output; throws the stored refusal. */
export const decodeAnswer = (text: string): unknown => {
  const answer = Answer.parse(JSON.parse(text))
  if (answer.outcome === 'output') return answer.output
  throw new DomainError(answer.code, answer.kind, answer.detail, { fields: answer.fields })
}

const canonical = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** The same for the same input, whatever the order of its keys. */
export const fingerprintOf = (input: unknown): string =>
  createHash('sha256').update(JSON.stringify(input, canonical)).digest('base64url')

/** Keys of different callers and operations never meet. */
export const scopeOf = (definition: Command, actor: Actor): string => {
  const caller =
    actor.kind === 'user' ? actor.userId : actor.kind === 'service' ? `service:${actor.service}` : 'anonymous'
  return `${caller}/${definition.type}`
}
