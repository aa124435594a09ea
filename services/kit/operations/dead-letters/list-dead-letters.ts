import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { filterHash, InvalidCursor } from '../../http/cursor.ts'
import { cutPage, pageOf, PageQuery } from '../../http/page.ts'
import { route } from '../../http/route.ts'
import { Cursors, DeadLetters } from '../../ports.ts'
import { type Area, type Operations, queryOperation } from '../operations.ts'
import { DeadLetterLine, deadLetterViewOf } from './dead-letter-view.ts'

export const listDeadLetters = ({ service, path, title }: Area): Operations => {
  const hash = filterHash({ path })
  const ListDeadLetters = query(`${service}.list_dead_letters`, {
    input: PageQuery,
    output: pageOf(DeadLetterLine),
    errors: [InvalidCursor],
    scope: 'dead-letters:admin',
  })
  return queryOperation(
    queryHandler(
      ListDeadLetters,
      { deadLetters: DeadLetters, cursors: Cursors },
      async ({ input: { cursor, limit } }, { deadLetters, cursors }) => {
        const after = cursor === undefined ? undefined : cursors.decode(cursor, hash).id
        const letters = await deadLetters.list(after, limit + 1)
        return cutPage(letters.map(deadLetterViewOf), limit, ({ deadLetterId }) =>
          cursors.encode({ sort: null, id: deadLetterId, filterHash: hash }),
        )
      },
    ),
    route(ListDeadLetters, {
      method: 'get',
      path,
      tag: 'Dead letters',
      operationId: `list${title}DeadLetters`,
      summary: `List the dead letters of ${service}, oldest first`,
    }),
  )
}
