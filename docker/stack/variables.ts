import type { ConfigSource } from '#services/kit/config.ts'
import { serviceUrl } from '#services/kit/postgres/migrate.ts'
import { secretVariables, type Secrets } from '#services/kit/secrets.ts'
import { SERVICES, type ServiceName } from './options.ts'

/** Where the stack's services find everything. */
export interface StackAddresses {
  /** The owner's URL; each service gets that of its role. */
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly awsEndpoint: string
  readonly queuePrefix: string
  readonly apiUrl: string
  /** Where the processes of the user service are reached from within. */
  readonly jwksUrl: string
  readonly stripeUrl: string
  /** Where a service's internal listeners are reached. */
  readonly internalUrl: string
}

/** The secrets that each service alone needs. */
const OWN_SECRETS: Record<ServiceName, readonly (keyof ReturnType<typeof secretVariables>)[]> = {
  user: ['JWT_PRIVATE_KEY', 'TOKEN_SECRET'],
  learning: [],
  payment: ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'],
}

/** The whole configuration of a service's processes: what it needs, and no secret of another's. */
export const serviceVariables = (service: ServiceName, at: StackAddresses, secrets: Secrets): ConfigSource => {
  const all = secretVariables(secrets)
  return {
    APP_ENV: 'development',
    DATABASE_URL: serviceUrl(at.databaseUrl, service),
    REDIS_URL: at.redisUrl,
    AWS_ENDPOINT_URL: at.awsEndpoint,
    QUEUE_PREFIX: at.queuePrefix,
    CURSOR_SECRET: all.CURSOR_SECRET,
    JWT_ISSUER: at.apiUrl,
    JWKS_URL: at.jwksUrl,
    SERVICE_PRIVATE_KEY: secrets.serviceKeys[service]?.privateKey,
    SERVICE_PUBLIC_KEYS: JSON.stringify(
      Object.fromEntries(Object.entries(secrets.serviceKeys).map(([name, { publicKey }]) => [name, publicKey])),
    ),
    INTERNAL_URLS: JSON.stringify(Object.fromEntries(SERVICES.map((name) => [name, at.internalUrl]))),
    TRUSTED_PROXIES: '1',
    SHUTDOWN_GRACE_MS: '500',
    ...(service === 'payment' && { STRIPE_BASE_URL: at.stripeUrl }),
    ...Object.fromEntries(OWN_SECRETS[service].map((name) => [name, all[name]])),
  }
}
