import { AggregateRoot } from '../kernel/aggregate-root.ts'
import { addMs, DAY, type Instant } from '../kernel/clock.ts'
import type { UserId } from '../kernel/ids.ts'
import type { ProviderAccountId } from './values.ts'

/** How long after a payout the next one is made. */
const PAID_EVERY_MS = 7 * DAY
/** How long after there was nothing to pay out somebody looks again. */
const LOOKED_AT_EVERY_MS = DAY
/** How long after an account was named nothing is paid to it. */
const OBJECTION_MS = DAY

export interface PayoutAccountState {
  /** The tutor. */
  readonly id: UserId
  readonly accountId: ProviderAccountId
  readonly nextPayoutAt: Instant
  /** The tutor has left; the account goes once they have what they earned. */
  readonly leaving: boolean
}

/** Where a tutor is paid to. Whatever is paid out moves its version, so that nothing is paid out twice. */
export class PayoutAccount extends AggregateRoot<PayoutAccountState> {
  /** Nothing is paid to it for a day, so that a tutor who has not named it can still say so. */
  static register(tutorId: UserId, accountId: ProviderAccountId, at: Instant): PayoutAccount {
    return new PayoutAccount({ id: tutorId, accountId, nextPayoutAt: addMs(at, OBJECTION_MS), leaving: false }, 0)
  }

  static restore(state: PayoutAccountState, version: number): PayoutAccount {
    return new PayoutAccount(state, version)
  }

  /**
   * Another account from now on, to which nothing is paid for a day either. Payouts that are under way go to the one they
   * were made for. False where it is the same account.
   */
  replace(accountId: ProviderAccountId, at: Instant): boolean {
    const { nextPayoutAt, accountId: former } = this.current
    if (accountId === former) return false
    const earliest = addMs(at, OBJECTION_MS)
    this.become({ ...this.current, accountId, nextPayoutAt: nextPayoutAt < earliest ? earliest : nextPayoutAt })
    return true
  }

  /** What is owed is looked at now, and daily from now on. */
  leave(at: Instant): void {
    this.become({ ...this.current, leaving: true, nextPayoutAt: at })
  }

  /** Earnings were looked at, and paid out where something could be. */
  visited(isPaid: boolean, at: Instant): void {
    const pause = isPaid && !this.current.leaving ? PAID_EVERY_MS : LOOKED_AT_EVERY_MS
    this.become({ ...this.current, nextPayoutAt: addMs(at, pause) })
  }
}
