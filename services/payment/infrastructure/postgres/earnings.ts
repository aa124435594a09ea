import { Currency } from '#domain/kernel/money.ts'
import type { Database } from '#bus/postgres/database.ts'
import { z } from 'zod'
import type { EarningsQueries } from '../../ports.ts'

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

export const createPostgresEarnings = ({ run }: Database): EarningsQueries => ({
  of: async (tutorId, heldSince) => EarningsRows.parse([...(await run(EARNINGS, [tutorId, heldSince]))]),
})
