import { AggregateRoot } from '../kernel/aggregate-root.ts'
import { addMs, HOUR, type Instant } from '../kernel/clock.ts'
import type { UserId } from '../kernel/ids.ts'
import type { EmailAddress } from './values.ts'

export const MAX_WRONG_TRIES = 5

export type TokenPurpose = 'verify_email' | 'reset_password'

/** How long a token is good; one that opens an account does not lie in a mailbox for a day. */
export const TOKEN_HOURS: Readonly<Record<TokenPurpose, number>> = { verify_email: 24, reset_password: 1 }

export type OneTimeTokenId = `ott_${string}`

interface TokenFacts {
  readonly id: OneTimeTokenId
  readonly userId: UserId
  readonly purpose: TokenPurpose
  /** Where it was sent: redeeming it proves this address and no other. */
  readonly email: EmailAddress
  readonly expiresAt: Instant
}

export interface OpenToken extends TokenFacts {
  readonly status: 'OPEN'
  readonly tokenHash: string
  readonly wrongTries: number
}

export interface UsedToken extends TokenFacts {
  readonly status: 'USED'
  readonly usedAt: Instant
}

export interface LockedToken extends TokenFacts {
  readonly status: 'LOCKED'
  readonly lockedAt: Instant
}

export type OneTimeTokenState = OpenToken | UsedToken | LockedToken

/** Everything but accepted is answered with `TOKEN_GONE`. */
export type RedeemOutcome = 'accepted' | 'wrong' | 'expired' | 'used' | 'locked'

/** A secret mailed to a user, good once. Only its hash is known here. */
export class OneTimeToken extends AggregateRoot<OneTimeTokenState> {
  static restore(state: OneTimeTokenState, version: number): OneTimeToken {
    return new OneTimeToken(state, version)
  }

  static issue(
    of: { id: OneTimeTokenId; userId: UserId; purpose: TokenPurpose; email: EmailAddress; tokenHash: string },
    at: Instant,
  ): OneTimeToken {
    return new OneTimeToken(
      { ...of, status: 'OPEN', wrongTries: 0, expiresAt: addMs(at, TOKEN_HOURS[of.purpose] * HOUR) },
      0,
    )
  }

  /** Uses it up. The outcome is returned rather than thrown, so that a wrong try is saved and counted. */
  redeem(presentedHash: string, purpose: TokenPurpose, at: Instant): RedeemOutcome {
    const state = this.current
    if (state.status === 'USED') return 'used'
    if (state.status === 'LOCKED') return 'locked'
    if (at >= state.expiresAt) return 'expired'
    if (presentedHash !== state.tokenHash || purpose !== state.purpose) return this.#countWrongTry(state, at)
    this.become({ ...this.#facts, status: 'USED', usedAt: at })
    return 'accepted'
  }

  /** Another token has done what this one was for. */
  withdraw(at: Instant): void {
    if (this.current.status === 'OPEN') this.become({ ...this.#facts, status: 'USED', usedAt: at })
  }

  #countWrongTry(state: OpenToken, at: Instant): 'wrong' | 'locked' {
    const wrongTries = state.wrongTries + 1
    if (wrongTries < MAX_WRONG_TRIES) {
      this.become({ ...state, wrongTries })
      return 'wrong'
    }
    this.become({ ...this.#facts, status: 'LOCKED', lockedAt: at })
    return 'locked'
  }

  get #facts(): TokenFacts {
    const { id, userId, purpose, email, expiresAt } = this.current
    return { id, userId, purpose, email, expiresAt }
  }
}
