import { type DeployedService, outwardOf, variablesOf } from './contracts.ts'
import { destinationOf } from '#bus/patterns/directory.ts'
import type { Data } from './data.ts'
import { PORTS } from './entries.ts'
import type { Secrets } from './secrets.ts'
import { REGION, type Settings } from './settings.ts'

/** What a service reads when it starts, by the names of its variables. */
export interface ServiceEnvironment {
  readonly plain: Readonly<Record<string, $util.Input<string>>>
  readonly secret: Readonly<Record<string, $util.Output<string>>>
}

export interface EnvironmentSources {
  readonly settings: Settings
  readonly secrets: Secrets
  readonly data: Data
  /** The public address of the API, which is also the issuer of its tokens. */
  readonly apiUrl: $util.Input<string>
  /** Where a service answers the messages of others. */
  readonly internalUrlOf: (service: string) => $util.Input<string>
}

/** What every host reads, whatever it runs. */
const HOST_VARIABLES = [
  'APP_ENV',
  'LOG_LEVEL',
  'PORT',
  'INTERNAL_PORT',
  'TRUSTED_PROXIES',
  'QUEUE_PREFIX',
  'AWS_REGION',
  'JWT_ISSUER',
  'JWKS_URL',
  'DATABASE_URL',
  'REDIS_URL',
  'CURSOR_SECRET',
]

/** Variables of which the code's own default is right for every deployment. */
const LEFT_TO_DEFAULT = new Set(['JWT_AUDIENCE', 'STRIPE_BASE_URL', 'IMPORT_OWNER_ID'])

/** `USER_INTERNAL_URL` for the service `user`. */
const internalUrlVariable = (service: string): string => `${service.toUpperCase().replaceAll('-', '_')}_INTERNAL_URL`

const pick = <T>(table: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(table).filter(([name]) => names.includes(name)))

/** The variables of one service: those of the host, those that its configuration names, and where it asks others. */
export const environmentOf = (service: DeployedService, sources: EnvironmentSources): ServiceEnvironment => {
  const { settings, secrets, data, apiUrl, internalUrlOf } = sources
  const plain: Record<string, $util.Input<string>> = {
    APP_ENV: 'production',
    LOG_LEVEL: 'info',
    PORT: String(PORTS.api),
    INTERNAL_PORT: String(PORTS.internal),
    TRUSTED_PROXIES: '1',
    QUEUE_PREFIX: settings.prefix,
    // Lambda sets it itself, and takes no other.
    ...(settings.compute === 'containers' ? { AWS_REGION: REGION } : {}),
    JWT_ISSUER: apiUrl,
    JWKS_URL: $interpolate`${apiUrl}/.well-known/jwks.json`,
    MAIL_FROM: secrets.mailFrom.value,
    VERIFICATION_PAGE_URL: secrets.verificationPageUrl.value,
  }
  const secret: Record<string, $util.Output<string>> = {
    DATABASE_URL: data.urlOf(service),
    REDIS_URL: data.redis.url,
    CURSOR_SECRET: secrets.cursorSecret.value,
    JWT_PRIVATE_KEY: secrets.jwtPrivateKey.value,
    TOKEN_SECRET: secrets.tokenSecret.value,
    SMTP_URL: secrets.smtpUrl.value,
    STRIPE_SECRET_KEY: secrets.stripeSecretKey.value,
    STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret.value,
  }
  const own = variablesOf(service).filter((name) => !LEFT_TO_DEFAULT.has(name))
  const unknown = own.find((name) => !(name in plain) && !(name in secret))
  if (unknown !== undefined)
    throw new TypeError(
      `${service.name} reads ${unknown}, for which the deployment has no value. help: services/deploy/environment.ts.`,
    )
  const names = [...HOST_VARIABLES, ...own]
  const asked = new Set(outwardOf(service.name).requests.map(destinationOf))
  return {
    plain: {
      ...pick(plain, names),
      ...Object.fromEntries([...asked].map((name) => [internalUrlVariable(name), internalUrlOf(name)])),
    },
    secret: pick(secret, names),
  }
}
