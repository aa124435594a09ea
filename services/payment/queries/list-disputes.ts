import { DisputeId, DisputeStatus } from '#domain/payment/values.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { filterHash, InvalidCursor } from '#services/kit/http/cursor.ts'
import { cutPage, PageQuery, pageOf } from '#services/kit/http/page.ts'
import { route } from '#services/kit/http/route.ts'
import { Cursors } from '#services/kit/ports.ts'
import { PaymentQueries } from '../ports.ts'
import { DisputeView } from '../views.ts'

export const ListDisputes = query('payment.list_disputes', {
  input: PageQuery.extend({ status: DisputeStatus.optional() }),
  output: pageOf(DisputeView),
  errors: [InvalidCursor],
  scope: 'payments:admin',
})

const deps = { payments: PaymentQueries, cursors: Cursors }

export const listDisputes = queryHandler(
  ListDisputes,
  deps,
  async ({ input: { status, cursor, limit } }, { payments, cursors }) => {
    const hash = filterHash({ disputes: status ?? null })
    const from = cursor === undefined ? undefined : cursors.decode(cursor, hash)
    const after = from && { openedAt: String(from.sort), disputeId: DisputeId.parse(from.id) }
    const rows = await payments.disputes(status, after, limit + 1)
    const cursorAfter = ({ openedAt: sort, disputeId: id }: DisputeView) =>
      cursors.encode({ sort, id, filterHash: hash })
    return cutPage(rows, limit, cursorAfter)
  },
)

export const listDisputesRoute = route(ListDisputes, {
  method: 'get',
  path: '/v1/disputes',
  tag: 'Disputes',
  summary: 'List disputed payments',
  description:
    'Newest first. A dispute is answered at the provider; access stays until the bank has decided, and ends where it has taken the last of the money.',
  examples: { input: { status: 'OPEN' } },
})
