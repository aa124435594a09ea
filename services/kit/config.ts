import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'

/** Where configuration is read from: variable names and their text. */
export type ConfigSource = Readonly<Record<string, string | undefined>>

/** The start stops with this; its message is complete and meant for people, so a host prints it without a stack. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/** The environment of this process; the one place that reads it. */
export const environment: ConfigSource = process.env

/**
 * Reads configuration once, at the start. An empty variable counts as missing.
 * Throws `ConfigError`, which names every variable that is missing or wrong and never shows a value.
 *
 * @example
 * const config = loadConfig(z.object({ DATABASE_URL: variables.postgresUrl, PORT: variables.port.default(3000) }))
 */
export const loadConfig = <T>(schema: z.ZodType<T>, source: ConfigSource = environment): T => {
  const given = Object.fromEntries(Object.entries(source).filter(([, text]) => text !== undefined && text !== ''))
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || 'All together'}: ${message}`)
  throw new ConfigError(
    `The configuration is not valid:\n${lines.join('\n')}\nSet these environment variables and start again.`,
  )
}

/** The message of a variable's schema: what to write, and never what was written. */
const expecting = (what: string) => ({
  error: ({ input }: { readonly input?: unknown }) =>
    input === undefined ? `missing, set it to ${what}` : `must be ${what}`,
})

const urlOf = (protocol: RegExp, what: string) => z.url({ protocol, ...expecting(what) })

/** A whole number in text form; `80x`, `0x50` and `8e1` are errors. */
const integer = (min: number, max: number) => {
  const says = expecting(`a whole number from ${min} to ${max}`)
  return z
    .string(says)
    .regex(/^-?\d{1,15}$/, says)
    .transform(Number)
    .refine((value) => value >= min && value <= max, says)
}

/** Text of which an attacker must not guess anything. */
const secret = (what: string) => {
  const says = expecting(`${what}: at least 32 random characters, such as those of "openssl rand -base64 32"`)
  return z.string(says).min(32, says)
}

const isRsaPrivateKey = (pem: string): boolean => {
  try {
    const key = createPrivateKey(pem)
    return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048
  } catch {
    return false
  }
}

const privateKeySays = expecting(
  'an RSA private key of 2048 bits or more as PEM (line breaks may be written as \\n), such as that of ' +
    '"openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048"',
)

const isEd25519 = (read: () => KeyObject): boolean => {
  try {
    return read().asymmetricKeyType === 'ed25519'
  } catch {
    return false
  }
}

const serviceKeySays = expecting(
  'an Ed25519 private key as PEM (line breaks may be written as \\n), such as that of "openssl genpkey -algorithm ed25519"',
)
const publicKeysSay = expecting('a JSON object of Ed25519 public keys as PEM, by the names of the services')
const internalUrlsSay = expecting('a JSON object of http:// or https:// URLs, by the names of the services')

/** A JSON object from the names of services; text that is none is an error. */
const byService = <T>(value: z.ZodType<T>, says: ReturnType<typeof expecting>) =>
  z
    .string(says)
    .transform((text, context) => {
      try {
        const parsed: unknown = JSON.parse(text)
        return parsed
      } catch {
        context.addIssue({ code: 'custom', message: says.error({ input: text }) })
        return z.NEVER
      }
    })
    .pipe(z.record(z.string(), value, says))

/** Schemas of single variables, from which every service builds its own; a service adds what only it needs. */
export const variables = {
  appEnv: z.enum(['development', 'production'], expecting('development or production')).default('development'),
  logLevel: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], expecting('trace, debug, info, warn, error or silent'))
    .default('info'),
  /** 0 lets the system choose. */
  port: integer(0, 65_535),
  integer,
  /** From 0 to 1, such as 0.05. */
  share: z
    .string(expecting('a number from 0 to 1'))
    .regex(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/, expecting('a number from 0 to 1'))
    .transform(Number),
  flag: z.enum(['true', 'false'], expecting('true or false')).transform((text) => text === 'true'),
  postgresUrl: urlOf(/^postgres(ql)?$/, 'postgres://user:password@host:5432/database'),
  redisUrl: urlOf(/^rediss?$/, 'redis://host:6379 (rediss:// for TLS)'),
  httpUrl: urlOf(/^https?$/, 'an http:// or https:// URL'),
  secret,
  /** PEM with real line breaks. */
  jwtPrivateKey: z
    .string(privateKeySays)
    .transform((pem) => pem.replaceAll('\\n', '\n'))
    .refine(isRsaPrivateKey, privateKeySays),
  /** PEM with real line breaks; a service signs with it who it is. */
  servicePrivateKey: z
    .string(serviceKeySays)
    .transform((pem) => pem.replaceAll('\\n', '\n'))
    .refine((pem) => isEd25519(() => createPrivateKey(pem)), serviceKeySays),
  /** The keys by which services are known. */
  servicePublicKeys: byService(
    z.string(publicKeysSay).refine((pem) => isEd25519(() => createPublicKey(pem)), publicKeysSay),
    publicKeysSay,
  ),
  /** Where services take the messages of others. */
  internalUrls: byService(z.url({ protocol: /^https?$/, ...internalUrlsSay }), internalUrlsSay),
  stripeSecretKey: z
    .string(expecting('the secret key of your Stripe account (sk_... or rk_...)'))
    .regex(/^[sr]k_\w{8,}$/, expecting('the secret key of your Stripe account (sk_... or rk_...)')),
  stripeWebhookSecret: z
    .string(expecting('the signing secret of your Stripe webhook endpoint (whsec_...)'))
    .regex(/^whsec_\S{16,}$/, expecting('the signing secret of your Stripe webhook endpoint (whsec_...)')),
} as const

/** What every host reads, whatever it runs. */
export const HostConfig = z.object({
  APP_ENV: variables.appEnv,
  LOG_LEVEL: variables.logLevel,
  /** A collector of OpenTelemetry; without one nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: variables.httpUrl.optional(),
  /** The share of the traces beginning here that is exported. */
  OTEL_TRACES_SAMPLER_ARG: variables.share.default(1),
})
export type HostConfig = z.infer<typeof HostConfig>
