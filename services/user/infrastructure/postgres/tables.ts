import { fileURLToPath } from 'node:url'
import type { ServiceTables } from '#services/kit/service.ts'
import { deadLetters, heldKeys, idempotencyKeys, inbox, outbox, replySlots } from './schema.ts'

export const tables: ServiceTables = {
  schema: 'user',
  bus: { outbox, heldKeys, inbox, idempotencyKeys, replySlots, deadLetters },
  migrations: fileURLToPath(new URL('migrations', import.meta.url)),
}
