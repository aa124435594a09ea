import { UserId } from '#domain/kernel/ids.ts'
import { LastAdmin, UserNotFound } from '#domain/user/errors.ts'
import { SuspensionReason } from '#domain/user/values.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { AuditLog, SessionRepository, UserRepository } from '../ports.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { signedIn } from '../signed-in.ts'

export const SuspendUser = command('user.suspend_user', {
  input: z.strictObject({ userId: UserId, reason: SuspensionReason }),
  output: z.object({ userId: UserId, status: z.literal('SUSPENDED') }),
  errors: [UserNotFound, LastAdmin],
  scope: 'users:admin',
})

export const suspendUser = handler(
  SuspendUser,
  { users: UserRepository, sessions: SessionRepository, audit: AuditLog },
  async ({ input: { userId, reason }, actor, tx, now }, { users, sessions, audit }) => {
    const admin = signedIn(actor)
    const user = await users.load(userId)
    if (!user) throw UserNotFound(userId)
    const others = await users.otherAdmins(userId)
    const wasAdmin = user.isActiveAdmin

    user.suspend(reason, others.count, now)
    if (user.events.length === 0) return { userId, status: 'SUSPENDED' }

    const open = await sessions.ofUser(userId)
    users.save(tx, user, open.started)
    if (wasAdmin) users.leaveRoster(tx, others)
    endSessions(tx, open.active, 'suspended', sessions)
    audit.record(tx, { actor: admin.userId, action: 'suspend', subject: userId })
    return { userId, status: 'SUSPENDED' }
  },
)

export const suspendUserRoute = route(SuspendUser, {
  method: 'post',
  path: '/v1/users/{userId}/suspend',
  tag: 'Users',
  summary: 'Suspend a user',
  description: 'Ends their sessions everywhere within a second and keeps them from logging in.',
})
