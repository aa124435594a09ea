import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { SessionQueries } from '../ports.ts'
import { signedIn } from '../signed-in.ts'
import { OpenSession } from '../views.ts'

export const ListMySessions = query('user.list_my_sessions', {
  input: z.strictObject({}),
  output: z.object({ items: z.array(OpenSession).max(100) }),
  scope: 'profile:read',
})

export const listMySessions = queryHandler(
  ListMySessions,
  { sessions: SessionQueries },
  async ({ actor, now }, { sessions }) => {
    const { userId, sessionId: current } = signedIn(actor)
    const open = await sessions.listOf(userId, now)
    return { items: open.map((session) => ({ ...session, current: session.sessionId === current })) }
  },
)

export const listMySessionsRoute = route(ListMySessions, {
  method: 'get',
  path: '/v1/users/me/sessions',
  tag: 'Sessions',
  summary: 'List my sessions, newest first',
})
