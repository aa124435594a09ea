import { answer } from '#bus/messaging/handlers.ts'
import { Users } from '#bus/patterns/user.ts'
import { SessionQueries } from '../ports.ts'

/** The truth about a session, whatever Redis says of it. */
export const checkSession = answer(
  Users.CheckSession,
  { sessions: SessionQueries },
  async ({ data: { sid }, now }, { sessions }) => ({ active: await sessions.isActive(sid, now) }),
)
