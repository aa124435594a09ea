import { EmailUnknown } from '#domain/user/errors.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Users } from '#bus/patterns/user.ts'
import { AuditLog, UserRepository } from '../ports.ts'

/** Who looked somebody up by a personal thing is written down, as in `getUserContact`. */
export const getUserByEmail = answer(
  Users.GetUserByEmail,
  { users: UserRepository, audit: AuditLog },
  async ({ data: { email }, from, tx }, { users, audit }) => {
    const user = await users.byEmail(email)
    if (!user) throw EmailUnknown()
    audit.record(tx, { actor: `service:${from}`, action: 'read_contact', subject: user.id })
    return { userId: user.id }
  },
)
