import { desc, eq } from 'drizzle-orm'
import type { Clock } from '#domain/kernel/clock.ts'
import { Instant } from '#domain/kernel/clock.ts'
import { EmailAddress } from '#domain/user/values.ts'
import type { Database } from '#bus/postgres/database.ts'
import { z } from 'zod'
import type { Mailbox, Mailer } from '../../ports.ts'
import { devMailbox } from './schema.ts'

const MAX_LISTED = 50
const Received = z.array(
  z.object({ id: z.string(), to: EmailAddress, subject: z.string(), text: z.string(), sentAt: Instant }),
)

/** Keeps mail in a table instead of sending it. */
export const createMailboxMailer = ({ drizzle: db }: Database, clock: Clock): Mailer => ({
  send: async (mail) => {
    await db
      .insert(devMailbox)
      .values({ ...mail, sentAt: clock.now() })
      .onConflictDoNothing()
  },
})

export const createPostgresMailbox = ({ drizzle: db }: Database): Mailbox => ({
  list: async (to) =>
    Received.parse(
      await db
        .select()
        .from(devMailbox)
        .where(to === undefined ? undefined : eq(devMailbox.to, to))
        .orderBy(desc(devMailbox.sentAt), desc(devMailbox.id))
        .limit(MAX_LISTED),
    ),
})
