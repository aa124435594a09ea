import { z } from 'zod'
import { addMs, MINUTE } from '#domain/kernel/clock.ts'
import type { SagaDefinition } from '#domain/kernel/saga.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { type CursorPosition, filterHash, InvalidCursor } from '../../http/cursor.ts'
import { cutPage, pageOf, PageQuery } from '../../http/page.ts'
import { route } from '../../http/route.ts'
import { Cursors, SagaStore } from '../../ports.ts'
import { type Area, type Operations, queryOperation } from '../operations.ts'
import { partsOf } from './saga-id.ts'
import { SagaLine, sagaLineOf, SagaStatus } from './saga-view.ts'

const placeOf = ({ sort, id }: CursorPosition) => ({ updatedAt: String(sort), ...partsOf(id) })

export const listSagas = ({ service, path, title }: Area, definitions: readonly SagaDefinition[]): Operations => {
  const ListSagas = query(`${service}.list_sagas`, {
    input: PageQuery.extend({
      type: z.enum(definitions.map(({ name }) => name)).optional(),
      status: SagaStatus.optional(),
      stuckForMinutes: z
        .int()
        .min(1)
        .max(525_600)
        .optional()
        .describe('Only those that have not moved for so many minutes.'),
    }),
    output: pageOf(SagaLine),
    errors: [InvalidCursor],
    scope: 'sagas:admin',
  })
  return queryOperation(
    queryHandler(ListSagas, { sagas: SagaStore, cursors: Cursors }, async ({ input, now }, { sagas, cursors }) => {
      const { type, status, stuckForMinutes, cursor, limit } = input
      const hash = filterHash({ path, type, status, stuckForMinutes })
      const rows = await sagas.list({
        type,
        status,
        updatedBefore: stuckForMinutes === undefined ? undefined : addMs(now, -stuckForMinutes * MINUTE),
        after: cursor === undefined ? undefined : placeOf(cursors.decode(cursor, hash)),
        limit: limit + 1,
      })
      return cutPage(rows.map(sagaLineOf), limit, ({ updatedAt, sagaId }) =>
        cursors.encode({ sort: updatedAt, id: sagaId, filterHash: hash }),
      )
    }),
    route(ListSagas, {
      method: 'get',
      path,
      tag: 'Sagas',
      operationId: `list${title}Sagas`,
      summary: `List the sagas of ${service}, those that moved last first`,
    }),
  )
}
