import { SessionId } from '#domain/kernel/ids.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { SessionMarks, SessionRepository } from '../ports.ts'
import { endSession } from '../sessions/end-sessions.ts'
import { signedIn } from '../signed-in.ts'

export const Logout = command('user.logout', {
  input: z.strictObject({}),
  output: z.void(),
  scope: 'sessions:write',
})

export const logout = handler(
  Logout,
  { sessions: SessionRepository, marks: SessionMarks },
  async ({ actor, tx, now }, { sessions, marks }) => {
    const session = await sessions.load(SessionId.parse(signedIn(actor).sessionId))
    if (!session?.isActive(now)) return
    await endSession(tx, session, 'logout', { sessions, marks })
  },
)

export const logoutRoute = route(Logout, {
  method: 'post',
  path: '/v1/auth/logout',
  status: 204,
  tag: 'Auth',
  summary: 'Log out',
  description: 'Ends the session of this request everywhere within a second.',
})
