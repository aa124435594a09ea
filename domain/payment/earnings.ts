import { addMs, DAY, type Instant } from '../kernel/clock.ts'
import { ceilingOf, type Currency, Money, stepOf } from '../kernel/money.ts'
import { REFUND_WINDOW_DAYS } from './refund.ts'

/** What a tutor has earned in one currency, in its minor units. */
export interface Earnings {
  readonly currency: Currency
  /** What the platform owes the tutor now; negative where more was taken back than came. */
  readonly owed: number
  /** The part of it that is not paid out yet, because its payer may still have it back. */
  readonly onHold: number
  readonly inTransit: number
  readonly paidOut: number
}

/** What was paid since then is on hold: its payer may still ask for it back. */
export const heldSince = (now: Instant): Instant => addMs(now, -REFUND_WINDOW_DAYS * DAY)

/** Below this, in minor units, a payout waits for more. */
const SMALLEST_PAYOUT = 1_000

/** What could be paid out now, in minor units. */
export const availableOf = ({ owed, onHold }: Pick<Earnings, 'owed' | 'onHold'>): number => Math.max(0, owed - onHold)

/**
 * What is to be paid out now: all that is available, as far as it can be transferred in one go.
 * @param isLast for a tutor who has left, and for whom nothing may be too little
 */
export const payoutOf = (earnings: Earnings, isLast: boolean): Money | undefined => {
  const { currency } = earnings
  const step = stepOf(currency)
  const amount = Math.min(ceilingOf(currency), Math.floor(availableOf(earnings) / step) * step)
  return amount >= (isLast ? step : SMALLEST_PAYOUT) ? Money.parse({ amount, currency }) : undefined
}

/** Nothing is owed, and nothing is on its way. */
export const isSettledUp = ({ owed, inTransit }: Earnings): boolean => owed <= 0 && inTransit === 0
