// A process that takes a reply slot in PostgreSQL, says which, and holds it until it is killed.
import { systemClock } from '#domain/kernel/clock.ts'
import { pgSchema } from 'drizzle-orm/pg-core'
import { openDatabase } from '../../../postgres/database.ts'
import { createPostgresReplySlots } from '../../../postgres/reply-slots.ts'
import { busTables } from '../../../postgres/tables.ts'
import { SERVICE } from '../../../testing/fixture.ts'
import { createLease } from '../lease.ts'

const [url = ''] = process.argv.slice(2)
const database = openDatabase({ url, name: SERVICE, queueWaitMs: 20_000 })
const slots = createPostgresReplySlots(database, busTables(pgSchema(SERVICE)), 1)
const lease = createLease({ slots, clock: systemClock, onLost: () => process.exit(1) })
process.send?.(await lease.hold())
process.on('disconnect', () => process.exit())
