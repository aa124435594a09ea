import { UserId } from '#domain/kernel/ids.ts'
import { EmailNotVerified, LastAdmin, RolesByAdminsOnly, UserNotFound } from '#domain/user/errors.ts'
import { Role } from '#domain/user/values.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { AuditLog, SessionRepository, UserRepository } from '../ports.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { signedIn } from '../signed-in.ts'

const Roles = z.array(Role).max(Role.options.length)

export const AssignRoles = command('user.assign_roles', {
  input: z.strictObject({ userId: UserId, roles: Roles }),
  output: z.object({ userId: UserId, roles: Roles }),
  errors: [UserNotFound, RolesByAdminsOnly, LastAdmin, EmailNotVerified],
  scope: 'users:admin',
})

export const assignRoles = handler(
  AssignRoles,
  { users: UserRepository, sessions: SessionRepository, audit: AuditLog },
  async ({ input: { userId, roles }, actor, tx }, { users, sessions, audit }) => {
    const admin = signedIn(actor)
    const user = await users.load(userId)
    if (!user) throw UserNotFound(userId)
    const others = await users.otherAdmins(userId)
    const wasAdmin = user.isActiveAdmin
    const before = user.account.roles

    user.changeRoles(roles, admin, others.count)
    const { roles: after } = user.account
    if (user.events.length === 0) return { userId, roles: [...after] }

    // A role that was taken must not live on in access tokens; one that was given comes with the next refresh.
    const open = await sessions.ofUser(userId)
    const isTaken = before.some((role) => !after.includes(role))
    users.save(tx, user, open.started)
    if (wasAdmin && !user.isActiveAdmin) users.leaveRoster(tx, others)
    if (isTaken) endSessions(tx, open.active, 'role_change', sessions)
    audit.record(tx, { actor: admin.userId, action: 'change_roles', subject: userId })
    return { userId, roles: [...after] }
  },
)

export const assignRolesRoute = route(AssignRoles, {
  method: 'put',
  path: '/v1/users/{userId}/roles',
  tag: 'Users',
  summary: 'Assign roles',
  description:
    'Replaces the roles; everybody stays a learner. New ones need a verified e-mail address and come with the next ' +
    'refresh; taking one ends the sessions of the user.',
})
