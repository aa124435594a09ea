import { AggregateRoot } from '../kernel/aggregate-root.ts'
import type { Instant } from '../kernel/clock.ts'
import type { PurchaseId, UserId } from '../kernel/ids.ts'
import { addMoney, Money, subtractMoney } from '../kernel/money.ts'
import { PurchaseCancelled, PurchaseMismatch, PurchaseTooLarge } from './errors.ts'
import { type SaleTerms, type Shares, sharesOf } from './shares.ts'
import { type AppliedDiscount, type PurchaseLine, type PurchaseRef, sameMoney } from './values.ts'

interface PurchaseFacts {
  readonly id: PurchaseId
  /** Unique over all purchases. */
  readonly ref: PurchaseRef
}

export interface OpenPurchase extends PurchaseFacts {
  readonly status: 'OPEN'
  readonly payerId: UserId
  readonly lines: readonly PurchaseLine[]
  readonly discount: AppliedDiscount | undefined
  /** The lines less the discount. */
  readonly total: Money
  readonly shares: Shares
  readonly openedAt: Instant
}

/** A cancel that arrived before the purchase it cancels; the creation that finds it goes no further. */
export interface CancelledPurchase extends PurchaseFacts {
  readonly status: 'CANCELLED'
  readonly actionId: string
  readonly cancelledAt: Instant
}

export type PurchaseState = OpenPurchase | CancelledPurchase

export type PurchaseLines = readonly [PurchaseLine, ...PurchaseLine[]]

const sum = ([first, ...rest]: PurchaseLines): Money =>
  rest.reduce((total, line) => addMoney(total, line.money), first.money)

/** What is bought, by whom and for how much: frozen when it is opened. Unique by kind and reference. */
export class Purchase extends AggregateRoot<PurchaseState> {
  static restore(state: PurchaseState, version: number): Purchase {
    return new Purchase(state, version)
  }

  static open(
    of: {
      id: PurchaseId
      ref: PurchaseRef
      payerId: UserId
      lines: PurchaseLines
      discount?: AppliedDiscount | undefined
      /** Whose course it is. */
      tutorId?: UserId | undefined
    },
    terms: SaleTerms,
    at: Instant,
  ): Purchase {
    const price = Money.safeParse(sum(of.lines))
    if (!price.success) throw PurchaseTooLarge()
    const { id, ref, payerId, tutorId } = of
    const lines = structuredClone(of.lines)
    const discount = structuredClone(of.discount)
    const total = discount ? subtractMoney(price.data, discount.money) : price.data
    const shares = sharesOf(total, terms, tutorId)
    return new Purchase({ id, ref, payerId, status: 'OPEN', lines, discount, total, shares, openedAt: at }, 0)
  }

  /** Records a cancel for a purchase that is not known yet. */
  static cancelledBeforehand(of: { id: PurchaseId; ref: PurchaseRef; actionId: string }, at: Instant): Purchase {
    return new Purchase({ ...of, status: 'CANCELLED', cancelledAt: at }, 0)
  }

  /** What may be paid; throws where a cancel came first. */
  get open(): OpenPurchase {
    if (this.current.status === 'CANCELLED') throw PurchaseCancelled(this.current.ref)
    return this.current
  }

  /** Lets a repeated request through only where it asks for the very same thing, at the price before any discount. */
  confirm(asked: { payerId: UserId; money: Money }): void {
    const { ref, payerId, lines, total } = this.open
    const [first, ...rest] = lines
    const price = first ? sum([first, ...rest]) : total
    if (payerId !== asked.payerId || !sameMoney(price, asked.money)) throw PurchaseMismatch(ref)
  }
}
