import { systemClock } from '#domain/kernel/clock.ts'
import { createMemoryLane } from '#bus/request-reply/requester.ts'
import { createMemoryTransport } from '#bus/transports/memory/memory.ts'
import { loadConfig, type ConfigSource } from '#services/kit/config.ts'
import { composeService, type HostPorts } from '#services/kit/hosts/compose-service.ts'
import { createCursors } from '#services/kit/http/cursor.ts'
import { systemIds } from '#services/kit/ids.ts'
import { createLogger } from '#services/kit/logging.ts'
import { createMetrics } from '#services/kit/metrics.ts'
import { serviceUrl } from '#services/kit/postgres/migrate.ts'
import { createEngine } from '#services/kit/redis/engine.ts'
import type { Secrets } from '#services/kit/secrets.ts'
import { seedDemo } from '#services/embedded/demo/seed.ts'
import { learning } from '#services/learning/service.ts'
import { user } from '#services/user/service.ts'

/**
 * Makes the demo logins and courses before the services run, as a job with the owner's database would. No loop is started
 * here: what it writes to the outboxes is carried by the relays of the services.
 */
export const seedStack = async (
  databaseUrl: string,
  secrets: Secrets,
  variables: ConfigSource,
  directory: string,
): Promise<void> => {
  const ports: HostPorts = {
    databaseUrlOf: (schema) => serviceUrl(databaseUrl, schema),
    redis: createEngine({ now: () => performance.now() }),
    transport: createMemoryTransport(),
    lanes: createMemoryLane(),
    development: true,
    clock: systemClock,
    ids: systemIds,
    random: () => 0,
    logger: (service) => createLogger({ level: 'error', service }),
    metrics: createMetrics({ process: false }),
    http: {},
    cursors: createCursors(secrets.cursorSecret),
  }
  const services = {
    user: composeService(user, loadConfig(user.config, variables), ports),
    learning: composeService(learning, loadConfig(learning.config, variables), ports),
  }
  try {
    await seedDemo(services, secrets.demo, directory)
  } finally {
    await Promise.all(Object.values(services).map((service) => service.dispose()))
  }
}
