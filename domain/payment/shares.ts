import { z } from 'zod'
import type { UserId } from '../kernel/ids.ts'
import { Money, subtractMoney } from '../kernel/money.ts'

const Percent = z.number().min(0).max(100).multipleOf(0.01)

/** What a sale is divided by. */
export interface SaleTerms {
  /** The tax that prices include: 19 for 19 %; up to two decimals. */
  readonly taxPercent: number
  /** What a tutor gets of a sale less its tax. */
  readonly tutorPercent: number
}

/** The tax within a total. */
export const IncludedTax = z.object({ percent: Percent, money: Money })
export type IncludedTax = z.infer<typeof IncludedTax>

/** Whose a total is, in part; the rest is the platform's. Frozen when a purchase is opened. */
export interface Shares {
  readonly tax: IncludedTax | undefined
  readonly tutor: { readonly tutorId: UserId; readonly money: Money } | undefined
}

/** Hundredths of a percent: percents of two decimals are exact in it. */
const basisPoints = (percent: number): number => Math.round(percent * 100)
const WHOLE = 10_000

const part = ({ currency }: Money, amount: number): Money => ({ amount, currency })

/** The tax that a total includes, rounded half up; undefined where none is due. */
export const taxIn = (total: Money, percent: number): IncludedTax | undefined => {
  const points = basisPoints(percent)
  if (points === 0) return undefined
  return { percent, money: part(total, Math.round((total.amount * points) / (WHOLE + points))) }
}

/** @param tutorId whose course it is; without one, all but the tax is the platform's */
export const sharesOf = (total: Money, { taxPercent, tutorPercent }: SaleTerms, tutorId?: UserId): Shares => {
  const tax = taxIn(total, taxPercent)
  const net = tax ? subtractMoney(total, tax.money) : total
  const amount = Math.floor((net.amount * basisPoints(tutorPercent)) / WHOLE)
  return { tax, tutor: tutorId === undefined ? undefined : { tutorId, money: part(total, amount) } }
}

/** A part of a share that is as large as `gone` is of `total`, rounded down; both may be large, their product is not safe. */
const undone = ({ amount }: Money, gone: number, total: number): number =>
  Number((BigInt(amount) * BigInt(gone)) / BigInt(total))

/** What has gone of a total, before a step and after it, in minor units. */
export interface Gone {
  readonly total: number
  readonly before: number
  readonly after: number
}

/**
 * What a step that took money back takes of each share. The parts of all steps are together what all of them took, so
 * that nothing is left of a share once all is gone, however it went.
 */
export const takenBack = ({ tax, tutor }: Shares, { total, before, after }: Gone): Shares => {
  const back = (share: Money): Money => part(share, undone(share, after, total) - undone(share, before, total))
  return {
    tax: tax && { ...tax, money: back(tax.money) },
    tutor: tutor && { ...tutor, money: back(tutor.money) },
  }
}
