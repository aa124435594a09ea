import { Role } from '#domain/user/values.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { filterHash, InvalidCursor } from '#services/kit/http/cursor.ts'
import { cutPage, pageOf, PageQuery } from '#services/kit/http/page.ts'
import { route } from '#services/kit/http/route.ts'
import { Cursors } from '#services/kit/ports.ts'
import { AccountQueries } from '../ports.ts'
import { Account } from '../views.ts'

export const ListUsers = query('user.list_users', {
  input: PageQuery.extend({ role: Role.optional().describe('Only who has this role.') }),
  output: pageOf(Account),
  errors: [InvalidCursor],
  scope: 'users:read',
})

export const listUsers = queryHandler(
  ListUsers,
  { accounts: AccountQueries, cursors: Cursors },
  async ({ input: { role, cursor, limit } }, { accounts, cursors }) => {
    const hash = filterHash({ list: 'users', role })
    const after = cursor === undefined ? undefined : cursors.decode(cursor, hash).id
    const rows = await accounts.list({ role, after, limit })
    return cutPage(rows, limit, ({ userId }) => cursors.encode({ sort: null, id: userId, filterHash: hash }))
  },
)

export const listUsersRoute = route(ListUsers, {
  method: 'get',
  path: '/v1/users',
  tag: 'Users',
  summary: 'List users, in the order of their registration',
})
