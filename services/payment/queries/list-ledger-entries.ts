import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { filterHash, InvalidCursor } from '#services/kit/http/cursor.ts'
import { cutPage, PageQuery, pageOf } from '#services/kit/http/page.ts'
import { route } from '#services/kit/http/route.ts'
import { Cursors } from '#services/kit/ports.ts'
import { type LedgerLine, PaymentQueries } from '../ports.ts'
import { LedgerAccountName, LedgerEntryView } from '../views.ts'

export const ListLedgerEntries = query('payment.list_ledger_entries', {
  input: PageQuery.extend({ account: LedgerAccountName }),
  output: pageOf(LedgerEntryView),
  errors: [InvalidCursor],
  scope: 'payments:admin',
})

const deps = { payments: PaymentQueries, cursors: Cursors }

export const listLedgerEntries = queryHandler(
  ListLedgerEntries,
  deps,
  async ({ input: { account, cursor, limit } }, { payments, cursors }) => {
    const hash = filterHash({ account })
    const after = cursor === undefined ? undefined : Number(cursors.decode(cursor, hash).sort)
    const rows = await payments.ledger(account, after, limit + 1)
    const cursorAfter = ({ seq: sort, reference: id }: LedgerLine) => cursors.encode({ sort, id, filterHash: hash })
    return cutPage(rows, limit, cursorAfter)
  },
)

export const listLedgerEntriesRoute = route(ListLedgerEntries, {
  method: 'get',
  path: '/v1/ledger',
  tag: 'Ledger',
  summary: 'List the entries of an account',
  description:
    'Newest first. Accounts are `platform`, `provider`, `disputes`, `tax`, `payouts`, `learner:{userId}` and `tutor:{userId}`.',
  examples: { input: { account: 'provider' } },
})
