import { and, desc, eq, lt, sql } from 'drizzle-orm'
import type { Currency } from '#domain/kernel/money.ts'
import type { Earnings } from '#domain/payment/earnings.ts'
import type { Database } from '#bus/postgres/database.ts'
import type { EarningsQueries } from '../../ports.ts'
import type { PayoutView } from '../../views.ts'
import { ledgerEntries, payments, payouts } from './schema.ts'

const value = sql.placeholder
const sum = (amount: ReturnType<typeof sql>) => sql<number>`coalesce(sum(${amount}), 0)::int8`.mapWith(Number)

/** As `takenBack` of the domain rounds it: what is left of a share once part of the money has gone. */
const shareLeft = sql`${payments.tutorShare} - ${payments.tutorShare}::int8
  * least(${payments.refunded} + ${payments.chargedBack}, ${payments.amount}) / ${payments.amount}`

const viewOf = (row: typeof payouts.$inferSelect): PayoutView => {
  const { id: payoutId, tutorId, accountId, amount, currency, status, reversed, scheduledAt } = row
  const code = row.failureCode ?? undefined
  const settledAt = row.settledAt ?? undefined
  const money = { amount, currency }
  return {
    payoutId,
    tutorId,
    accountId,
    money,
    status,
    reversed: { amount: reversed, currency },
    code,
    scheduledAt,
    settledAt,
  }
}

export const createPostgresEarnings = ({ drizzle: db }: Database): EarningsQueries => {
  const owed = db
    .select({ currency: ledgerEntries.currency, amount: sum(sql`-${ledgerEntries.amount}`) })
    .from(ledgerEntries)
    .where(eq(ledgerEntries.account, value('account')))
    .groupBy(ledgerEntries.currency)
    .prepare('earnings_owed')
  const held = db
    .select({ currency: payments.currency, amount: sum(shareLeft) })
    .from(payments)
    .where(
      sql`${payments.tutorId} = ${value('tutorId')} and ${payments.status} = 'COMPLETED'
        and (${payments.completedAt} >= ${value('heldSince')}::timestamptz or ${payments.disputed} > 0)`,
    )
    .groupBy(payments.currency)
    .prepare('earnings_held')
  const paid = db
    .select({
      currency: payouts.currency,
      inTransit: sum(sql`case ${payouts.status} when 'SCHEDULED' then ${payouts.amount} end`),
      paidOut: sum(sql`case ${payouts.status} when 'SENT' then ${payouts.amount} - ${payouts.reversed} end`),
    })
    .from(payouts)
    .where(eq(payouts.tutorId, value('tutorId')))
    .groupBy(payouts.currency)
    .prepare('earnings_paid')

  return {
    of: async (tutorId, heldSince) => {
      const [credits, holds, sent] = await Promise.all([
        owed.execute({ account: `tutor:${tutorId}` }),
        held.execute({ tutorId, heldSince }),
        paid.execute({ tutorId }),
      ])
      const earningsIn = (currency: Currency): Earnings => ({
        currency,
        owed: credits.find((row) => row.currency === currency)?.amount ?? 0,
        onHold: holds.find((row) => row.currency === currency)?.amount ?? 0,
        inTransit: sent.find((row) => row.currency === currency)?.inTransit ?? 0,
        paidOut: sent.find((row) => row.currency === currency)?.paidOut ?? 0,
      })
      return credits
        .map(({ currency }) => currency)
        .toSorted()
        .map(earningsIn)
    },
    payouts: async ({ tutorId, status }, after, limit) => {
      const rows = await db
        .select()
        .from(payouts)
        .where(
          and(
            tutorId && eq(payouts.tutorId, tutorId),
            status && eq(payouts.status, status),
            after === undefined ? undefined : lt(payouts.id, sql`${after}`),
          ),
        )
        .orderBy(desc(payouts.id))
        .limit(limit)
      return rows.map(viewOf)
    },
  }
}
