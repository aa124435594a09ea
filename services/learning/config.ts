import { z } from 'zod'
import { UserId } from '#domain/kernel/ids.ts'

/** The configuration of the learning service. */
export const LearningConfig = z
  .object({
    /** Owner of imported courses; the admin who imports them when absent. */
    IMPORT_OWNER_ID: UserId.optional(),
  })
  .transform((given) => ({ importOwnerId: given.IMPORT_OWNER_ID }))
export type LearningConfig = z.infer<typeof LearningConfig>
