import { Unavailable } from '#bus/cqrs/errors.ts'
import { loadConfig } from '#services/kit/config.ts'
import { composeService } from '#services/kit/hosts/compose-service.ts'
import { connectRedis } from '#services/kit/redis/server.ts'
import { learning } from '#services/learning/service.ts'
import { catalogDifferences } from '#services/embedded/testing/crash/catalog-differences.ts'
import { eventually } from '#services/embedded/testing/poll.ts'
import { operatorPorts } from '../stack/operator-ports.ts'
import { serviceVariables } from '../stack/variables.ts'
import type { TestStack } from './test-stack.ts'

/** A rebuild reads many courses at the same time. */
const CONNECTIONS = 16

/** I7: parts of the stack's catalog that are not as a rebuild from the owner's tables makes them. */
export const stackCatalogDifferences = async ({
  stack,
  secrets,
  databaseUrl,
}: TestStack): Promise<readonly string[]> => {
  const redis = connectRedis({ url: stack.addresses.redisUrl })
  const config = loadConfig(learning.config, serviceVariables('learning', stack.addresses, secrets))
  const composed = composeService(learning, config, {
    ...operatorPorts(databaseUrl, secrets),
    redis,
    connections: CONNECTIONS,
  })
  try {
    return await catalogDifferences(composed)
  } finally {
    await composed.dispose()
    await redis.close()
  }
}

/** Waits until the catalog is as a rebuild makes it. A database that is too busy for the comparison is asked again. */
export const untilCatalogIsRight = (test: TestStack, withinMs?: number): Promise<boolean> =>
  eventually(
    'I7: the catalog as a rebuild makes it',
    async () => {
      try {
        return (await stackCatalogDifferences(test)).length === 0
      } catch (error) {
        if (Unavailable.is(error)) return false
        throw error
      }
    },
    withinMs,
  )
