import { type Clock, systemClock } from '#domain/kernel/clock.ts'
import { createMemoryLane } from '#bus/request-reply/requester.ts'
import { createMemoryTransport } from '#bus/transports/memory/memory.ts'
import type { HostPorts } from '#services/kit/hosts/compose-service.ts'
import { createCursors } from '#services/kit/http/cursor.ts'
import { systemIds } from '#services/kit/ids.ts'
import { createLogger } from '#services/kit/logging.ts'
import { createMetrics } from '#services/kit/metrics.ts'
import { serviceUrl } from '#services/kit/postgres/migrate.ts'
import { createEngine } from '#services/kit/redis/engine.ts'
import type { Secrets } from '#services/kit/secrets.ts'

/**
 * What an operator's job composes a service with, beside the processes that run it: it gives commands and starts no loop,
 * so that whatever it leaves in the outbox is carried by the service's own relays.
 */
export const operatorPorts = (
  databaseUrl: string,
  { cursorSecret }: Pick<Secrets, 'cursorSecret'>,
  clock: Clock = systemClock,
): HostPorts => ({
  databaseUrlOf: (schema) => serviceUrl(databaseUrl, schema),
  redis: createEngine({ now: () => performance.now() }),
  transport: createMemoryTransport(),
  lanes: createMemoryLane(),
  development: true,
  clock,
  ids: systemIds,
  random: () => 0,
  logger: (service) => createLogger({ level: 'error', service }),
  metrics: createMetrics({ process: false }),
  http: {},
  cursors: createCursors(cursorSecret),
})
