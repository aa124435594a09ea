import { z } from 'zod'
import { UserId } from './ids.ts'
import { message, type MessageDefinition } from './message.ts'

/** How many things of each kind a service has erased or anonymised. */
export const ErasedCounts = z.record(z.string().max(50), z.int().min(0))
export type ErasedCounts = z.infer<typeof ErasedCounts>

/**
 * Asks a service for everything that it knows of a person; its answer is the acknowledgement. Asking again finds nothing
 * more. Ids stay: without the account they name nobody.
 */
export const eraseUser = (type: string): MessageDefinition<{ userId: UserId }, { counts: ErasedCounts }> =>
  message(type, {
    input: z.object({ userId: UserId }),
    output: z.object({ counts: ErasedCounts }),
    deadlineMs: 60_000,
  })

/** What a service knows of a person: lists of things by their kind, as they stand in its tables. */
export const PersonalData = z.record(z.string().max(50), z.array(z.record(z.string(), z.json())))
export type PersonalData = z.infer<typeof PersonalData>

/** Asks a service for a copy of everything that it knows of a person. It stays out of queues. */
export const exportUser = (type: string): MessageDefinition<{ userId: UserId }, { data: PersonalData }> =>
  message(type, {
    input: z.object({ userId: UserId }),
    output: z.object({ data: PersonalData }),
    idempotent: true,
    sensitive: true,
    deadlineMs: 20_000,
  })
