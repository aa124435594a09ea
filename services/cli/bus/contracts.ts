import { topologyOf, type Topology } from '#bus/transports/aws/topology.ts'
import { SERVICES } from '#services/deploy/contracts.ts'
import { FUNCTION_TIMEOUT_SECONDS } from '#services/deploy/function-limits.ts'
import { endsOf } from '#services/kit/service.ts'
import type { BusConfig } from './config.ts'

/** What the contracts say there is; functions hold a batch as long as they may run, so that their queues hide it longer. */
export const platformTopology = (
  { QUEUE_PREFIX: prefix, REPLY_SLOTS: replySlots }: Pick<BusConfig, 'QUEUE_PREFIX' | 'REPLY_SLOTS'>,
  functions: boolean,
): Topology =>
  topologyOf(SERVICES.map(endsOf), {
    prefix,
    replySlots,
    ...(functions ? { handlerSeconds: FUNCTION_TIMEOUT_SECONDS } : {}),
  })
