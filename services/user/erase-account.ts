import type { ErasureId } from '#domain/kernel/ids.ts'
import { Erasure as ErasureRequest } from '#domain/user/erasure.ts'
import type { User } from '#domain/user/user.ts'
import type { Resolved } from '#bus/cqrs/token.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import { Sagas } from '#services/kit/ports.ts'
import { AuditLog, ErasureRepository, SessionRepository, Traces, UserRepository } from './ports.ts'
import { Erasure } from './sagas/erasure.ts'
import { endSessions } from './sessions/end-sessions.ts'

/** What erasing an account takes. */
export const erasing = {
  users: UserRepository,
  sessions: SessionRepository,
  traces: Traces,
  erasures: ErasureRepository,
  audit: AuditLog,
  sagas: Sagas,
} as const

/**
 * Erases the account at once and has every other service forget the person. Throws `LastAdmin`.
 * @param by who wants it, for the audit log
 */
export const eraseAccount = async (
  tx: UnitOfWork,
  { users, sessions, traces, erasures, audit, sagas }: Resolved<typeof erasing>,
  { user, id, by }: { user: User; id: ErasureId; by: string },
): Promise<ErasureRequest> => {
  const userId = user.id
  const [others, open, rows] = await Promise.all([
    users.otherAdmins(userId),
    sessions.ofUser(userId),
    traces.count(user),
  ])
  const wasAdmin = user.isActiveAdmin
  user.erase(others.count, tx.now)
  users.save(tx, user, open.started)
  if (wasAdmin) users.leaveRoster(tx, others)
  endSessions(tx, open.active, 'erased', sessions)
  traces.erase(tx, userId, rows)
  const counts = { account: 1, sessions: open.active.length, ...rows }
  const erasure = ErasureRequest.request({ id, userId, counts }, tx.now)
  erasures.save(tx, erasure)
  audit.record(tx, { actor: by, action: 'erase', subject: userId })
  sagas.start(tx, Erasure, id, { requestId: id, userId, done: [] })
  return erasure
}
