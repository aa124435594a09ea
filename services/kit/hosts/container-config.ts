import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { HostConfig, variables } from '../config.ts'

const isKey = (pem: string, make: (pem: string) => KeyObject): boolean => {
  try {
    return make(pem).asymmetricKeyType === 'ed25519'
  } catch {
    return false
  }
}

const pem = (what: string, make: (pem: string) => KeyObject) => {
  const says = `must be ${what} as PEM (line breaks may be written as \\n)`
  return z
    .string({ error: ({ input }) => (input === undefined ? `missing, set it to ${what} as PEM` : says) })
    .transform((text) => text.replaceAll('\\n', '\n'))
    .refine((text) => isKey(text, make), says)
}

/** A JSON object with one text for each service. */
const byService = <T extends z.ZodType<string, string>>(value: T, what: string) => {
  const says = `must be ${what}`
  return z
    .string({ error: ({ input }) => (input === undefined ? `missing, set it to ${what}` : says) })
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text)
      } catch {
        context.addIssue({ code: 'custom', message: says })
        return z.NEVER
      }
    })
    .pipe(z.record(z.string(), value, { error: says }))
}

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
  SERVICE_PRIVATE_KEY: pem('the Ed25519 private key of this service', createPrivateKey),
  /** By whose tokens the others are known, e.g. `{"user": "-----BEGIN PUBLIC KEY-----..."}`. */
  SERVICE_PUBLIC_KEYS: byService(
    pem('an Ed25519 public key', createPublicKey),
    'a JSON object with the Ed25519 public key of each service',
  ),
  /** Where the internal listeners of the others are, e.g. `{"user": "http://user:3001"}`. */
  INTERNAL_URLS: byService(variables.httpUrl, 'a JSON object with the internal URL of each service'),
  /** How long a stop says "not ready" before it takes no more connections, in milliseconds. */
  SHUTDOWN_GRACE_MS: variables.integer(0, 60_000).default(5_000),
})
export type ContainerConfig = z.infer<typeof ContainerConfig>
