import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto'
import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ConfigError, type ConfigSource, environment, HostConfig, loadConfig } from './config.ts'
import { createPrivateFile, replacePrivateFile } from './private-file.ts'

const Login = z.object({ email: z.string(), password: z.string() })
export const DemoLogins = z.object({ admin: Login, tutor: Login, learner: Login })
/** The people that a new development platform starts with. */
export type DemoLogins = z.infer<typeof DemoLogins>

const Secrets = z.object({
  /** RSA 2048, PKCS #8 PEM. */
  jwtPrivateKey: z.string(),
  cursorSecret: z.string(),
  tokenSecret: z.string(),
  stripeSecretKey: z.string(),
  stripeWebhookSecret: z.string(),
  /** Ed25519, PEM: by which the services of a stack know each other. */
  serviceKeys: z.record(z.string(), z.object({ privateKey: z.string(), publicKey: z.string() })),
  redisRestToken: z.string(),
  redisRestReadOnlyToken: z.string(),
  demo: DemoLogins,
})
/** Everything secret of one development platform. */
export type Secrets = z.infer<typeof Secrets>

/** 256 bits. */
const randomText = (): string => randomBytes(32).toString('base64url')

const pick = (letters: string): string => letters.charAt(randomInt(letters.length))

/** Readable and easy to type, with 50 bits of chance: `bidu-kamo-zeri-lofu`. */
function readablePassword(): string {
  const syllable = () => pick('bdfghjklmnprstvz') + pick('aeiou')
  return Array.from({ length: 4 }, () => syllable() + syllable()).join('-')
}

const demoLogin = (name: string) => ({ email: `${name}@example.com`, password: readablePassword() })

const SERVICES_WITH_KEYS = ['user', 'learning', 'payment']

const serviceKey = () =>
  generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })

function generate(): Secrets {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return {
    jwtPrivateKey: privateKey,
    cursorSecret: randomText(),
    tokenSecret: randomText(),
    stripeSecretKey: `sk_test_${randomBytes(24).toString('hex')}`,
    stripeWebhookSecret: `whsec_${randomText()}`,
    serviceKeys: Object.fromEntries(SERVICES_WITH_KEYS.map((service) => [service, serviceKey()])),
    redisRestToken: randomText(),
    redisRestReadOnlyToken: randomText(),
    demo: { admin: demoLogin('admin'), tutor: demoLogin('tutor'), learner: demoLogin('learner') },
  }
}

const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

async function readStored(path: string): Promise<Partial<Secrets> | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new ConfigError(`${path} cannot be read (${error.code}). Start as the user who owns it.`)
  })
  if (text === undefined) return undefined
  try {
    return Secrets.partial().parse(JSON.parse(text))
  } catch {
    throw new ConfigError(
      `${path} is damaged. Restore it, or delete it: new secrets are made, everybody has to sign in again, ` +
        'and payments that are under way in the sandbox are lost.',
    )
  }
}

/**
 * The secrets of a data directory that exists: made at the first start, the same ever after. Files that only their
 * owner can read: `secrets.json`, and `credentials.json` with the demo logins for command line tools.
 * Throws `ConfigError` when the file is there and cannot be used.
 */
export async function loadOrCreateSecrets(directory: string): Promise<Secrets> {
  const path = join(directory, 'secrets.json')
  const stored = await readStored(path)
  if (!stored) {
    const generated = generate()
    // Of two first starts at once the first file stays, and both take what it holds.
    if (!(await createPrivateFile(path, toJson(generated)))) return loadOrCreateSecrets(directory)
    return withCredentials(directory, generated)
  }
  const complete = Secrets.safeParse(stored)
  if (complete.success) {
    await chmod(path, 0o600)
    return withCredentials(directory, complete.data)
  }
  // A file of an older release lacks what was added since.
  const extended = { ...generate(), ...stored }
  await replacePrivateFile(path, toJson(extended))
  return withCredentials(directory, extended)
}

async function withCredentials(directory: string, secrets: Secrets): Promise<Secrets> {
  await replacePrivateFile(join(directory, 'credentials.json'), toJson(secrets.demo))
  return secrets
}

/** The secrets under the names that services read them by. */
export const secretVariables = (secrets: Secrets) => ({
  JWT_PRIVATE_KEY: secrets.jwtPrivateKey,
  CURSOR_SECRET: secrets.cursorSecret,
  TOKEN_SECRET: secrets.tokenSecret,
  STRIPE_SECRET_KEY: secrets.stripeSecretKey,
  STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
})

/**
 * Where to load configuration from: in development the environment over the data directory's secrets, in production
 * the environment alone, so that a service whose secret is not set refuses to start.
 *
 * @example
 * const config = loadConfig(PaymentConfig, await configSource('.data'))
 */
export async function configSource(directory: string, source: ConfigSource = environment): Promise<ConfigSource> {
  const { APP_ENV } = loadConfig(HostConfig.pick({ APP_ENV: true }), source)
  if (APP_ENV === 'production') return source
  const given = Object.entries(source).filter(([, text]) => text !== undefined && text !== '')
  return { ...secretVariables(await loadOrCreateSecrets(directory)), ...Object.fromEntries(given) }
}
