import type { z } from 'zod'
import { ContainerConfig } from '../container-config.ts'

/**
 * What a service that runs as functions reads beside its own configuration: that of a container without its listeners and
 * reply queues. `TRUSTED_PROXIES` counts the gateway, which is the last to append to X-Forwarded-For.
 */
export const LambdaConfig = ContainerConfig.omit({
  HOST: true,
  PORT: true,
  INTERNAL_PORT: true,
  REPLY_SLOTS: true,
  SHUTDOWN_GRACE_MS: true,
})
export type LambdaConfig = z.infer<typeof LambdaConfig>
