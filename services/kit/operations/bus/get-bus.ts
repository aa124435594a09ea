import { z } from 'zod'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { SHARDS } from '#bus/outbox/shard.ts'
import { route } from '../../http/route.ts'
import { BusInspection } from '../../ports.ts'
import { type Area, type Operations, queryOperation } from '../operations.ts'
import { BusView } from './bus-view.ts'

const MOST_HELD_KEYS = 100

export const getBus = ({ service, path, title }: Area): Operations => {
  const GetBus = query(`${service}.get_bus`, {
    input: z.strictObject({}),
    output: BusView,
    errors: [],
    scope: 'bus:admin',
  })
  return queryOperation(
    queryHandler(GetBus, { inspection: BusInspection }, async ({ now }, { inspection }) => {
      const [{ oldest, ...backlog }, heldKeys, relays, replySlots] = await Promise.all([
        inspection.backlog(),
        inspection.heldKeys(MOST_HELD_KEYS),
        inspection.relays(),
        inspection.replySlots(),
      ])
      return {
        now,
        outbox: { ...backlog, oldestAt: oldest },
        heldKeys: [...heldKeys],
        shards: SHARDS,
        relays: [...relays],
        replySlots: [...replySlots],
      }
    }),
    route(GetBus, {
      method: 'get',
      path,
      tag: 'Bus',
      operationId: `get${title}Bus`,
      summary: `Show where the messages of ${service} stand`,
    }),
  )
}
