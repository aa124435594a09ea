import { UserNotFound } from '#domain/user/errors.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Users } from '#bus/patterns/user.ts'
import { AccountQueries, AuditLog } from '../ports.ts'

/** Personal data leaves the service here alone, and who read it is written down. */
export const getUserContact = answer(
  Users.GetUserContact,
  { accounts: AccountQueries, audit: AuditLog },
  async ({ data: { userId }, from, tx }, { accounts, audit }) => {
    const account = await accounts.find(userId)
    if (!account) throw UserNotFound(userId)
    audit.record(tx, { actor: `service:${from}`, action: 'read_contact', subject: userId })
    const { email, displayName, locale, timezone } = account
    return { email, name: displayName, locale, timezone, channels: ['email'] }
  },
)
