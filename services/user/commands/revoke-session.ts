import { SessionId } from '#domain/kernel/ids.ts'
import { SessionNotFound } from '#domain/user/errors.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { SessionMarks, SessionRepository } from '../ports.ts'
import { endSession } from '../sessions/end-sessions.ts'
import { signedIn } from '../signed-in.ts'

export const RevokeSession = command('user.revoke_session', {
  input: z.strictObject({ sessionId: SessionId }),
  output: z.void(),
  errors: [SessionNotFound],
  scope: 'sessions:write',
})

export const revokeSession = handler(
  RevokeSession,
  { sessions: SessionRepository, marks: SessionMarks },
  async ({ input: { sessionId }, actor, tx, now }, { sessions, marks }) => {
    const session = await sessions.load(sessionId)
    const isOwn = session?.state.userId === signedIn(actor).userId
    if (!session || !isOwn || !session.isActive(now)) throw SessionNotFound(sessionId)
    await endSession(tx, session, 'logout', { sessions, marks })
  },
)

export const revokeSessionRoute = route(RevokeSession, {
  method: 'delete',
  path: '/v1/users/me/sessions/{sessionId}',
  status: 204,
  tag: 'Sessions',
  summary: 'End one of my sessions',
})
