import type { UserId } from '#domain/kernel/ids.ts'
import { PayoutStatus } from '#domain/payment/values.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import type { Resolved } from '#bus/cqrs/token.ts'
import { filterHash, InvalidCursor } from '#services/kit/http/cursor.ts'
import { cutPage, PageQuery, pageOf } from '#services/kit/http/page.ts'
import { route } from '#services/kit/http/route.ts'
import { Cursors } from '#services/kit/ports.ts'
import type { z } from 'zod'
import { signedIn } from '../access.ts'
import { PayoutQueries } from '../ports.ts'
import { PayoutView } from '../views.ts'

const input = PageQuery.extend({ status: PayoutStatus.optional() })
const output = pageOf(PayoutView)
const errors = [InvalidCursor]
const deps = { queries: PayoutQueries, cursors: Cursors }

export const ListMyPayouts = query('payment.list_my_payouts', { input, output, errors, scope: 'earnings:read' })

export const ListPayouts = query('payment.list_payouts', { input, output, errors, scope: 'payments:admin' })

interface Page extends z.infer<typeof input> {
  /** Everybody's without it. */
  readonly tutorId?: UserId
}

const pageOfPayouts = async (
  { tutorId, status, cursor, limit }: Page,
  { queries, cursors }: Resolved<typeof deps>,
): Promise<z.infer<typeof output>> => {
  const hash = filterHash({ payoutsOf: tutorId ?? null, status: status ?? null })
  const after = cursor === undefined ? undefined : cursors.decode(cursor, hash).id
  const rows = await queries.list({ ...(tutorId && { tutorId }), status }, after, limit + 1)
  return cutPage(rows, limit, ({ payoutId: id }) => cursors.encode({ sort: null, id, filterHash: hash }))
}

export const listMyPayouts = queryHandler(ListMyPayouts, deps, ({ input: asked, actor }, resolved) =>
  pageOfPayouts({ ...asked, tutorId: signedIn(actor).userId }, resolved),
)

export const listPayouts = queryHandler(ListPayouts, deps, ({ input: asked }, resolved) =>
  pageOfPayouts(asked, resolved),
)

export const listMyPayoutsRoute = route(ListMyPayouts, {
  method: 'get',
  path: '/v1/tutors/me/payouts',
  tag: 'Earnings',
  summary: 'List your payouts',
  description: 'Newest first. What the provider would not send is FAILED, and owed again.',
  examples: { input: { status: 'SENT' } },
})

export const listPayoutsRoute = route(ListPayouts, {
  method: 'get',
  path: '/v1/payouts',
  tag: 'Earnings',
  summary: 'List the payouts of all tutors',
  description: 'Newest first.',
  examples: { input: { status: 'FAILED' } },
})
