import { Instant } from '#domain/kernel/clock.ts'
import { ErasureId } from '#domain/kernel/ids.ts'
import { Acknowledgement } from '#domain/user/erasure.ts'
import { ErasureNotFound } from '#domain/user/errors.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { ErasureRepository } from '../ports.ts'

export const GetErasure = query('user.get_erasure', {
  input: z.strictObject({ erasureId: ErasureId }),
  output: z.object({
    erasureId: ErasureId,
    status: z.enum(['RUNNING', 'CLOSED']).describe('CLOSED once every service has answered.'),
    requestedAt: Instant,
    dueAt: Instant,
    closedAt: Instant.optional(),
    acknowledged: z
      .array(Acknowledgement)
      .max(20)
      .describe('What each service has erased or anonymised: how many of which kind.'),
  }),
  errors: [ErasureNotFound],
  scope: 'public',
})

/** Whose it was is not told; who has deleted an account cannot log in to ask. */
export const getErasure = queryHandler(
  GetErasure,
  { erasures: ErasureRepository },
  async ({ input: { erasureId } }, { erasures }) => {
    const found = await erasures.load(erasureId)
    if (!found) throw ErasureNotFound(erasureId)
    const { status, requestedAt, dueAt, acknowledged } = found.state
    const closedAt = found.state.status === 'CLOSED' ? found.state.closedAt : undefined
    return { erasureId, status, requestedAt, dueAt, closedAt, acknowledged: [...acknowledged] }
  },
)

export const getErasureRoute = route(GetErasure, {
  method: 'get',
  path: '/v1/erasures/{erasureId}',
  tag: 'Users',
  summary: 'See how far an erasure has come',
})
