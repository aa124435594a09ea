import { z } from 'zod'
import { Instant } from '#domain/kernel/clock.ts'
import { domainError } from '#domain/kernel/errors.ts'
import type { DeadLetter } from '#bus/dead-letters/dead-letters.ts'

export const DeadLetterNotFound = domainError(
  'DEAD_LETTER_NOT_FOUND',
  'not_found',
  (id: string) => `There is no dead letter ${id}.`,
)

export const DeadLetterId = z.uuid()

/** The input of every operation on one dead letter. */
export const DeadLetterNamed = z.strictObject({ deadLetterId: DeadLetterId })

export const DeadLetterLine = z.object({
  deadLetterId: DeadLetterId,
  /** The handler that gave it up: service and name. */
  consumer: z.string(),
  messageId: z.string(),
  type: z.string(),
  /** Id of the aggregate or saga that it came from. */
  key: z.string(),
  reason: z.string(),
  failedAt: Instant,
})

/** With the envelope as it arrived; it carries ids only, as every message does. */
export const DeadLetterView = DeadLetterLine.extend({ envelope: z.string() })

export const deadLetterViewOf = ({ id, ...letter }: DeadLetter): z.infer<typeof DeadLetterView> => ({
  deadLetterId: id,
  ...letter,
})
