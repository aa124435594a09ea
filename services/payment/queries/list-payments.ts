import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { filterHash, InvalidCursor } from '#services/kit/http/cursor.ts'
import { cutPage, PageQuery, pageOf } from '#services/kit/http/page.ts'
import { route } from '#services/kit/http/route.ts'
import { Cursors } from '#services/kit/ports.ts'
import { z } from 'zod'
import { signedIn } from '../access.ts'
import { PaymentQueries } from '../ports.ts'
import { presentTo } from '../present-payment.ts'
import { PaymentView } from '../views.ts'

export const ListPayments = query('payment.list_payments', {
  input: PageQuery.extend({ me: z.enum(['', 'true']).optional().describe('The list is always your own.') }),
  output: pageOf(PaymentView),
  errors: [InvalidCursor],
  scope: 'payments:read',
})

const deps = { payments: PaymentQueries, cursors: Cursors }

export const listPayments = queryHandler(
  ListPayments,
  deps,
  async ({ input: { cursor, limit }, actor }, { payments, cursors }) => {
    const { userId } = signedIn(actor)
    const hash = filterHash({ userId })
    const after = cursor === undefined ? undefined : cursors.decode(cursor, hash).id
    const rows = await payments.ofPayer(userId, after, limit + 1)
    const cursorAfter = ({ paymentId: id }: PaymentView) => cursors.encode({ sort: null, id, filterHash: hash })
    return cutPage(
      rows.map((row) => presentTo(actor, row)),
      limit,
      cursorAfter,
    )
  },
)

export const listPaymentsRoute = route(ListPayments, {
  method: 'get',
  path: '/v1/payments',
  tag: 'Payments',
  summary: 'List your payments',
  description: 'Newest first.',
})
