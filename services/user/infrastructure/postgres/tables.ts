import { fileURLToPath } from 'node:url'
import type { ServiceTables } from '#services/kit/service.ts'
import { deadLetters, heldKeys, idempotencyKeys, inbox, outbox, replySlots, saga, sagaJournal } from './schema.ts'

export const tables: ServiceTables = {
  schema: 'user',
  bus: { outbox, heldKeys, inbox, idempotencyKeys, replySlots, deadLetters },
  sagas: { saga, sagaJournal },
  migrations: fileURLToPath(new URL('migrations', import.meta.url)),
}
