import { Instant } from '#domain/kernel/clock.ts'
import { SessionId, UserId } from '#domain/kernel/ids.ts'
import { Session, type SessionState } from '#domain/user/session.ts'
import { z } from 'zod'
import { refreshFamilies } from './schema.ts'

export const sessionColumns = {
  id: refreshFamilies.id,
  userId: refreshFamilies.userId,
  status: refreshFamilies.status,
  tokenHash: refreshFamilies.tokenHash,
  previousHash: refreshFamilies.previousHash,
  rotatedAt: refreshFamilies.rotatedAt,
  startedAt: refreshFamilies.startedAt,
  expiresAt: refreshFamilies.expiresAt,
  reason: refreshFamilies.revocationReason,
  revokedAt: refreshFamilies.revokedAt,
  version: refreshFamilies.version,
}

const facts = { id: SessionId, userId: UserId, startedAt: Instant, expiresAt: Instant }
const Reason = z.enum(['logout', 'reuse', 'suspended', 'role_change', 'password_reset', 'erased'])
const Row = z.discriminatedUnion('status', [
  z.object({
    ...facts,
    status: z.literal('ACTIVE'),
    tokenHash: z.string(),
    previousHash: z.string().nullable(),
    rotatedAt: Instant.nullable(),
  }),
  z.object({ ...facts, status: z.literal('REVOKED'), reason: Reason, revokedAt: Instant }),
])

const toState = (row: z.infer<typeof Row>): SessionState => {
  if (row.status === 'REVOKED') return row
  const { previousHash, rotatedAt, ...active } = row
  const previous = previousHash !== null && rotatedAt !== null ? { tokenHash: previousHash, rotatedAt } : null
  return { ...active, previous }
}

export const toSession = (row: { readonly version: number }): Session =>
  Session.restore(toState(Row.parse(row)), row.version)
