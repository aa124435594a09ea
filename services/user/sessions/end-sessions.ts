import type { RevocationReason, Session } from '#domain/user/session.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import type { SessionMarks, SessionRepository, UnmarkedSessions } from '../ports.ts'

interface SessionPorts {
  readonly sessions: SessionRepository
  readonly marks: SessionMarks
}

/**
 * Ends sessions whose end nothing refuses any more. Redis is told before the commit, so that no other process believes
 * in them a moment longer; should the commit fail, their owner logs in again.
 */
export const endSessionsNow = async (
  tx: UnitOfWork,
  open: readonly Session[],
  reason: RevocationReason,
  { sessions, marks }: SessionPorts,
): Promise<void> => {
  for (const session of open) session.revoke(reason, tx.now)
  if (open.length > 0) sessions.saveRevoked(tx, open, await marks.markEnded(open.map(({ id }) => id)))
}

export const endSession = (
  tx: UnitOfWork,
  session: Session,
  reason: RevocationReason,
  ports: SessionPorts,
): Promise<void> => endSessionsNow(tx, [session], reason, ports)

/** Ends sessions together with a change that may still be refused: Redis is told after the commit, by its event. */
export const endSessions = (
  tx: UnitOfWork,
  open: readonly Session[],
  reason: RevocationReason,
  sessions: SessionRepository,
): void => {
  for (const session of open) session.revoke(reason, tx.now)
  if (open.length > 0) sessions.saveRevoked(tx, open, false)
}

const BATCH = 500

/** Tells Redis of every session that has ended and that it does not know of; where it is away, a job repeats this. */
export const markUnmarked = async ({
  unmarked,
  marks,
}: {
  readonly unmarked: UnmarkedSessions
  readonly marks: SessionMarks
}): Promise<void> => {
  const ids = await unmarked.list(BATCH)
  if (ids.length > 0 && (await marks.markEnded(ids))) await unmarked.remove(ids)
}
