import { Instant } from '#domain/kernel/clock.ts'
import { EmailAddress } from '#domain/user/values.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { Mailbox } from '../ports.ts'

const ReceivedMail = z.object({
  id: z.string().max(200),
  to: EmailAddress,
  subject: z.string().max(200),
  text: z.string().max(10_000),
  sentAt: Instant,
})

export const ListMailbox = query('user.list_mailbox', {
  input: z.strictObject({ to: EmailAddress.optional() }),
  output: z.object({ items: z.array(ReceivedMail).max(50) }),
  scope: 'public',
})

export const listMailbox = queryHandler(ListMailbox, { mailbox: Mailbox }, async ({ input }, { mailbox }) => ({
  items: await mailbox.list(input.to),
}))

export const listMailboxRoute = route(ListMailbox, {
  method: 'get',
  path: '/dev/mailbox',
  tag: 'Development',
  summary: 'Read the mail of a development platform, newest first',
  developmentOnly: true,
})
