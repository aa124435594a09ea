import { z } from 'zod'
import { HostConfig, variables } from '../config.ts'

/**
 * What a service that runs as a process of its own reads beside its own configuration. It has its role's database URL,
 * never the owner's.
 */
export const ContainerConfig = HostConfig.extend({
  HOST: z.string().min(1).default('0.0.0.0'),
  /** The public API. */
  PORT: variables.port.default(3000),
  /** Health, metrics and the messages of other services; never reachable from outside. */
  INTERNAL_PORT: variables.port.default(3001),
  DATABASE_URL: variables.postgresUrl,
  REDIS_URL: variables.redisUrl,
  CURSOR_SECRET: variables.secret('the key that signs the places of pages, one for all services'),
  JWT_ISSUER: variables.httpUrl,
  JWT_AUDIENCE: z.string().min(1).max(200).default('education-platform'),
  /** Where the issuer publishes its keys, e.g. `http://user:3000/.well-known/jwks.json`. */
  JWKS_URL: variables.httpUrl,
  /** Proxies of ours in front of the public port, each of which appends to X-Forwarded-For. */
  TRUSTED_PROXIES: variables.integer(0, 5).default(0),
  /** Begins the names of the queues; also the name of the event bus. */
  QUEUE_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be up to 40 lower-case letters, digits and dashes')
    .default('edtech'),
  AWS_REGION: z.string().min(1).default('us-east-1'),
  /** An emulator's address; AWS itself when absent. */
  AWS_ENDPOINT_URL: variables.httpUrl.optional(),
  /** How many instances of a service can wait for replies at once: the number of reply queues that the deployment made. */
  REPLY_SLOTS: variables.integer(1, 1_000).default(8),
  /** Signs this service's tokens to the others. */
  SERVICE_PRIVATE_KEY: variables.servicePrivateKey,
  /** By whose tokens the others are known. */
  SERVICE_PUBLIC_KEYS: variables.servicePublicKeys,
  /** Where the others take messages: their internal listeners. */
  INTERNAL_URLS: variables.internalUrls,
  /** How long a stop says "not ready" before it takes no more connections, in milliseconds. */
  SHUTDOWN_GRACE_MS: variables.integer(0, 60_000).default(5_000),
})
export type ContainerConfig = z.infer<typeof ContainerConfig>
