import { AggregateRoot } from '../kernel/aggregate-root.ts'
import { addMs, DAY, type Instant, msBetween, SECOND } from '../kernel/clock.ts'
import type { SessionId, UserId } from '../kernel/ids.ts'

export const SESSION_DAYS = 30

/** How long a refresh whose reply was lost may be asked for again. */
export const RETRY_GRACE_MS = 10 * SECOND

export type RevocationReason = 'logout' | 'reuse' | 'suspended' | 'role_change' | 'password_reset' | 'erased'

interface SessionFacts {
  readonly id: SessionId
  readonly userId: UserId
  readonly startedAt: Instant
  readonly expiresAt: Instant
}

export interface ActiveSession extends SessionFacts {
  readonly status: 'ACTIVE'
  /** Hash of the one refresh token that is good. */
  readonly tokenHash: string
  /** Hash of the token before it, and when it was exchanged; null before the first rotation. */
  readonly previous: { readonly tokenHash: string; readonly rotatedAt: Instant } | null
}

export interface RevokedSession extends SessionFacts {
  readonly status: 'REVOKED'
  readonly reason: RevocationReason
  readonly revokedAt: Instant
}

export type SessionState = ActiveSession | RevokedSession

/** rotated and retried: hand out the next token. reused, expired and revoked: answer `SESSION_ENDED`. */
export type RotationOutcome = 'rotated' | 'retried' | 'reused' | 'expired' | 'revoked'

/**
 * A login and the family of refresh tokens that descend from it. Tokens carry the session's id and are stored as
 * hashes; only the newest is good, and any other one ends the family, because either it or the newest was stolen.
 */
export class Session extends AggregateRoot<SessionState> {
  static restore(state: SessionState, version: number): Session {
    return new Session(state, version)
  }

  static start(of: { id: SessionId; userId: UserId; tokenHash: string }, at: Instant): Session {
    const expiresAt = addMs(at, SESSION_DAYS * DAY)
    return new Session({ ...of, status: 'ACTIVE', startedAt: at, expiresAt, previous: null }, 0)
  }

  /**
   * Exchanges a token for the next one. The outcome is returned rather than thrown, so that the end of a family is
   * saved. A retry within the grace is let through only with the same successor, which needs next tokens to be derived
   * from the presented one (a keyed hash); with random ones there is no grace.
   */
  rotate(presentedHash: string, nextHash: string, at: Instant): RotationOutcome {
    const state = this.current
    if (state.status === 'REVOKED') return 'revoked'
    if (at >= state.expiresAt) return 'expired'
    if (presentedHash === state.tokenHash) {
      this.become({ ...state, tokenHash: nextHash, previous: { tokenHash: presentedHash, rotatedAt: at } })
      return 'rotated'
    }
    const { previous, tokenHash } = state
    const isRetry =
      previous?.tokenHash === presentedHash &&
      tokenHash === nextHash &&
      msBetween(previous.rotatedAt, at) <= RETRY_GRACE_MS
    if (isRetry) return 'retried'
    this.revoke('reuse', at)
    return 'reused'
  }

  /** Ends the family; the first reason stays. */
  revoke(reason: RevocationReason, at: Instant): void {
    const state = this.current
    if (state.status === 'REVOKED') return
    const { id, userId, startedAt, expiresAt } = state
    this.become({ id, userId, startedAt, expiresAt, status: 'REVOKED', reason, revokedAt: at })
  }

  /** What `user.check_session` answers. */
  isActive(at: Instant): boolean {
    return this.current.status === 'ACTIVE' && at < this.current.expiresAt
  }
}
