import { ErasureId } from '#domain/kernel/ids.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Users } from '#bus/patterns/user.ts'
import { eraseAccount, erasing } from '../erase-account.ts'

export const abandonUser = answer(Users.AbandonUser, erasing, async ({ data: { userId }, tx, ids }, deps) => {
  const user = await deps.users.load(userId)
  // Who is suspended stays known: the address is not free for a new start.
  if (user?.state.status !== 'ACTIVE' || user.state.emailVerifiedAt !== null) return { erased: false }
  await eraseAccount(tx, deps, { user, id: ErasureId.parse(ids.next('ers')), by: 'service:user' })
  return { erased: true }
})
