import { Instant } from '#domain/kernel/clock.ts'
import { ErasureId } from '#domain/kernel/ids.ts'
import { LastAdmin, UserNotFound } from '#domain/user/errors.ts'
import { requireFreshLogin } from '#bus/cqrs/actor.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { LoginTooOld } from '#bus/cqrs/errors.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { eraseAccount, erasing } from '../erase-account.ts'
import { signedIn } from '../signed-in.ts'

export const DeleteMe = command('user.delete_me', {
  input: z.strictObject({}),
  output: z.object({ erasureId: ErasureId, dueAt: Instant }),
  errors: [UserNotFound, LoginTooOld, LastAdmin],
  scope: 'profile:write',
  idempotent: true,
})

export const deleteMe = handler(DeleteMe, erasing, async ({ actor, tx, ids, now }, deps) => {
  const caller = signedIn(actor)
  requireFreshLogin(caller, now)
  const { userId } = caller
  const user = await deps.users.load(userId)
  if (!user || user.state.status === 'ERASED') throw UserNotFound(userId)
  const id = ErasureId.parse(ids.next('ers'))
  const { state } = await eraseAccount(tx, deps, { user, id, by: userId })
  return { erasureId: id, dueAt: state.dueAt }
})

export const deleteMeRoute = route(DeleteMe, {
  method: 'delete',
  path: '/v1/users/me',
  status: 202,
  tag: 'Users',
  summary: 'Delete my account',
  description:
    'For good, within 15 minutes of a login. The account, its profile and its sessions are gone at once; reviews, ' +
    'answers to quizzes, the name on certificates and seats that were not paid for follow. Money is not given back. ' +
    'Amounts stay in the books without the person. Where the answer points to, everybody who has the address sees how far it has come, without a login.',
  location: ({ erasureId }) => `/v1/erasures/${erasureId}`,
  rateLimit: { limit: 10, windowSeconds: 60, onFailure: 'closed' },
  links: { erasure: { operationId: 'getErasure', parameters: { erasureId: '$response.body#/erasureId' } } },
})
