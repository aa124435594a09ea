import { join } from 'node:path'
import type { ServiceTables } from '#services/kit/service.ts'
import { deadLetters, heldKeys, idempotencyKeys, inbox, outbox, replySlots } from './schema.ts'

export const paymentTables: ServiceTables = {
  schema: 'payment',
  bus: { outbox, heldKeys, inbox, idempotencyKeys, replySlots, deadLetters },
  migrations: join(import.meta.dirname, 'migrations'),
}
