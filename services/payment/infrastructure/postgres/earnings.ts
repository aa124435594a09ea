import { and, desc, eq, lt, sql } from 'drizzle-orm'
import { Currency } from '#domain/kernel/money.ts'
import type { Database } from '#bus/postgres/database.ts'
import { z } from 'zod'
import type { EarningsQueries } from '../../ports.ts'
import type { PayoutView } from '../../views.ts'
import { payouts } from './schema.ts'

/**
 * One statement, so that all of it is of one moment: a sale that showed as owed and not as held would be paid out early.
 * What is left of a share is rounded as `takenBack` of the domain rounds it.
 */
const EARNINGS = `
  select currency, sum(owed)::float8 as owed, sum(held)::float8 as "onHold",
    sum(sent)::float8 as "inTransit", sum(paid)::float8 as "paidOut"
  from (
    select currency, -amount::int8 as owed, 0 as held, 0 as sent, 0 as paid
    from payment.ledger_entries where account = 'tutor:' || $1
    union all
    select currency, 0, tutor_share - tutor_share::int8 * least(refunded + charged_back, amount) / amount, 0, 0
    from payment.payments
    where tutor_id = $1 and status = 'COMPLETED' and (completed_at >= $2::timestamptz or disputed > 0)
    union all
    select currency, 0, 0, case status when 'SCHEDULED' then amount else 0 end,
      case status when 'SENT' then amount - reversed else 0 end
    from payment.payouts where tutor_id = $1
  ) parts
  group by currency order by currency`

const EarningsRows = z.array(
  z.object({ currency: Currency, owed: z.int(), onHold: z.int(), inTransit: z.int(), paidOut: z.int() }),
)

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

export const createPostgresEarnings = ({ drizzle: db, run }: Database): EarningsQueries => ({
  of: async (tutorId, heldSince) => EarningsRows.parse([...(await run(EARNINGS, [tutorId, heldSince]))]),
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
})
