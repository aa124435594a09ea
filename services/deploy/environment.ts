import { ContainerConfig } from '#services/kit/hosts/container-config.ts'
import { LambdaConfig } from '#services/kit/hosts/lambda/lambda-config.ts'
import { type DeployedService, destinationsOf, variablesOf } from './contracts.ts'
import type { Data } from './data.ts'
import { PORTS } from './entries.ts'
import type { Identities } from './identities.ts'
import type { Secrets } from './secrets.ts'
import { publicKeyOf } from './service-keys.ts'
import { REGION, replySlotsOf, type Settings } from './settings.ts'

/** What a service reads when it starts, by the names of its variables. */
export interface ServiceEnvironment {
  readonly plain: Readonly<Record<string, $util.Input<string>>>
  readonly secret: Readonly<Record<string, $util.Output<string>>>
}

export interface EnvironmentSources {
  readonly settings: Settings
  readonly secrets: Secrets
  readonly data: Data
  readonly identities: Identities
  /** The public address of the API, which is also the issuer of its tokens. */
  readonly apiUrl: $util.Input<string>
  /** Where a service answers the messages of others. */
  readonly internalUrlOf: (service: string) => $util.Input<string>
}

/** What a service's host reads beside the service's own configuration. */
const HOSTS = { containers: ContainerConfig, functions: LambdaConfig } as const

/** Variables of which the code's own default is right for every deployment. */
const LEFT_TO_DEFAULT = new Set([
  'HOST',
  'AWS_ENDPOINT_URL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_TRACES_SAMPLER_ARG',
  'SHUTDOWN_GRACE_MS',
  'JWT_AUDIENCE',
  'STRIPE_BASE_URL',
  'IMPORT_OWNER_ID',
])

/** Lambda sets these itself, and takes no other values. */
const SET_BY_LAMBDA = new Set(['AWS_REGION'])

/** Without a user pool the user service keeps the passwords. */
const OF_USER_POOLS = new Set(['COGNITO_USER_POOL_ID', 'COGNITO_CLIENT_ID', 'COGNITO_CLIENT_SECRET'])

const variablesReadBy = (service: DeployedService, { compute, passwords }: Settings): string[] =>
  [...variablesOf({ config: HOSTS[compute] }), ...variablesOf(service)].filter(
    (name) =>
      !LEFT_TO_DEFAULT.has(name) &&
      !(compute === 'functions' && SET_BY_LAMBDA.has(name)) &&
      !(passwords === 'database' && OF_USER_POOLS.has(name)),
  )

const keyOf = (service: string, { serviceKeys }: Secrets): sst.Secret => {
  const key = serviceKeys.get(service)
  if (!key) throw new TypeError(`${service} has no key. help: services/deploy/secrets.ts.`)
  return key
}

const byName = (names: readonly string[], valueOf: (name: string) => $util.Input<string>): $util.Output<string> =>
  $jsonStringify(Object.fromEntries(names.map((name) => [name, valueOf(name)])))

/** The keys of those alone that the contracts let ask the service: a token of any other counts for nothing there. */
const publicKeysOf = (service: string, secrets: Secrets) =>
  byName(destinationsOf(service).replies, (asker) => {
    const { name, value } = keyOf(asker, secrets)
    return value.apply((pem: string) => publicKeyOf(name, pem))
  })

const pick = <T>(table: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(table).filter(([name]) => names.includes(name)))

/** The variables of one service: those of its host, and those that its own configuration names. */
export const environmentOf = (service: DeployedService, sources: EnvironmentSources): ServiceEnvironment => {
  const { settings, secrets, data, identities, apiUrl, internalUrlOf } = sources
  const plain: Record<string, $util.Input<string>> = {
    APP_ENV: 'production',
    LOG_LEVEL: 'info',
    PORT: String(PORTS.api),
    INTERNAL_PORT: String(PORTS.internal),
    TRUSTED_PROXIES: '1',
    QUEUE_PREFIX: settings.prefix,
    AWS_REGION: REGION,
    REPLY_SLOTS: String(replySlotsOf(settings)),
    SERVICE_PUBLIC_KEYS: publicKeysOf(service.name, secrets),
    // Its own as well: by it a function tells what comes from other services.
    INTERNAL_URLS: byName([service.name, ...destinationsOf(service.name).requests], internalUrlOf),
    JWT_ISSUER: apiUrl,
    JWKS_URL: $interpolate`${apiUrl}/.well-known/jwks.json`,
    MAIL_FROM: secrets.mailFrom.value,
    VERIFICATION_PAGE_URL: secrets.verificationPageUrl.value,
    PASSWORD_RESET_PAGE_URL: secrets.passwordResetPageUrl.value,
    TAX_PERCENT: String(settings.sale.taxPercent),
    TUTOR_PERCENT: String(settings.sale.tutorPercent),
    INVOICE_ISSUER: secrets.invoiceIssuer.value,
    ...(identities && { COGNITO_USER_POOL_ID: identities.userPoolId, COGNITO_CLIENT_ID: identities.clientId }),
  }
  const secret: Record<string, $util.Output<string>> = {
    DATABASE_URL: data.urlOf(service),
    REDIS_URL: data.redis.url,
    SERVICE_PRIVATE_KEY: keyOf(service.name, secrets).value,
    CURSOR_SECRET: secrets.cursorSecret.value,
    JWT_PRIVATE_KEY: secrets.jwtPrivateKey.value,
    TOKEN_SECRET: secrets.tokenSecret.value,
    SMTP_URL: secrets.smtpUrl.value,
    STRIPE_SECRET_KEY: secrets.stripeSecretKey.value,
    STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret.value,
    ...(identities && { COGNITO_CLIENT_SECRET: identities.clientSecret }),
  }
  const names = variablesReadBy(service, settings)
  const unknown = names.find((name) => !(name in plain) && !(name in secret))
  if (unknown !== undefined)
    throw new TypeError(
      `${service.name} reads ${unknown}, for which the deployment has no value. help: services/deploy/environment.ts.`,
    )
  return { plain: pick(plain, names), secret: pick(secret, names) }
}
