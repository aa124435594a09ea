// Runs the whole of sst.config.ts against mocks of every provider, and writes what it asked for.
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { RecordedResource } from './graph.ts'

const ACCOUNT = '111122223333'

const serviceKey = (): string =>
  generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey

/** Such values as people set. */
const SECRETS: Readonly<Record<string, string>> = {
  JwtPrivateKey: generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey,
  TokenSecret: 'token-secret'.repeat(4),
  CursorSecret: 'cursor-secret'.repeat(4),
  UserServiceKey: serviceKey(),
  LearningServiceKey: serviceKey(),
  PaymentServiceKey: serviceKey(),
  StripeSecretKey: `sk_test_${'0'.repeat(24)}`,
  StripeWebhookSecret: `whsec_${'0'.repeat(24)}`,
  SmtpUrl: 'smtps://mailer:password@mail.example.com',
  MailFrom: 'Education Platform <no-reply@example.com>',
  VerificationPageUrl: 'https://example.com/verify',
  PasswordResetPageUrl: 'https://example.com/reset',
  InvoiceIssuer: 'Example Ltd, 1 High Street',
  AlarmEmail: 'operators@example.com',
}

/** Pulumi wraps secrets under this key. */
const SECRET_SIGNATURE = '4dabf18193072939515e22adb298388d'
const Wrapped = z.object({ [SECRET_SIGNATURE]: z.string(), value: z.unknown() })

const unwrap = (value: unknown): unknown => {
  const wrapped = Wrapped.safeParse(value)
  if (wrapped.success) return unwrap(wrapped.data.value)
  if (Array.isArray(value)) return value.map(unwrap)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrap(inner)]))
}

const Inputs = z.record(z.string(), z.unknown())
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** What AWS would have answered, as far as others ask for it. */
const stateOf = ({ type, name, inputs }: RecordedResource): Record<string, unknown> => {
  const [, service = ''] = /^aws:([a-z0-9]+)\//.exec(type) ?? []
  const physical = text(inputs['name']) ?? text(inputs['bucket']) ?? name
  const kinds: Record<string, string> = { 'aws:iam/role:Role': `role/${physical}`, 'aws:s3/bucket:Bucket': physical }
  return {
    ...inputs,
    name: physical,
    arn: `arn:aws:${service}:eu-central-1:${ACCOUNT}:${kinds[type] ?? physical}`,
    url: `https://sqs.eu-central-1.amazonaws.com/${ACCOUNT}/${physical}`,
    apiEndpoint: `https://${name}.execute-api.eu-central-1.amazonaws.com`,
    executionArn: `arn:aws:execute-api:eu-central-1:${ACCOUNT}:${name}`,
    address: 'database.internal',
    endpoint: 'store.internal',
    port: 5432,
    password: 'made-by-the-deployment',
    readOnlyRestToken: 'reads-only',
    result: 'random',
    base64: 'cmFuZG9t',
    clientSecret: 'client-secret-of-the-pool',
  }
}

/** Ids that a service reads something from. */
const IDS: Readonly<Record<string, string>> = { 'aws:cognito/userPool:UserPool': 'eu-central-1_Identities' }

const ANSWERS: Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>> = {
  'aws:index/getCallerIdentity:getCallerIdentity': () => ({ accountId: ACCOUNT }),
  'aws:index/getPartition:getPartition': () => ({ partition: 'aws' }),
  'aws:index/getRegion:getRegion': () => ({ region: 'eu-central-1', name: 'eu-central-1' }),
  'aws:index/getAvailabilityZones:getAvailabilityZones': () => ({ names: ['eu-central-1a', 'eu-central-1b'] }),
  'aws:ec2/getAmi:getAmi': () => ({ id: 'ami-1' }),
  'aws:iam/getPolicyDocument:getPolicyDocument': ({ statements }) => ({
    statements,
    json: JSON.stringify({ Statement: statements }),
  }),
}

/** Stands in for the sst process, which builds what functions and Workers run. */
const answerBuilds = async (out: string): Promise<string> => {
  writeFileSync(join(out, 'index.mjs'), '')
  const results: Record<string, unknown> = {
    'Runtime.Build': { handler: 'index.mjs', out, errors: [], sourcemaps: [] },
    'Provider.Aws.Bootstrap': {
      asset: 'assets',
      assetEcrRegistryId: ACCOUNT,
      assetEcrUrl: `${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/assets`,
      state: 'state',
      appsyncHttp: 'http',
      appsyncRealtime: 'realtime',
    },
    'Provider.Aws.Appsync': {},
  }
  const Call = z.object({ method: z.string() })
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method } = Call.parse(JSON.parse(Buffer.concat(chunks).toString()))
      response.end(JSON.stringify({ result: results[method] ?? {} }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The stand-in of sst does not listen.')
  return `http://127.0.0.1:${address.port}`
}

const Args = z.tuple([z.enum(['containers', 'functions']), z.enum(['database', 'cognito']), z.string()])

/** `run` is the platform's own way to run a configuration. */
export const record = async (run: (program: () => Promise<unknown>) => Promise<unknown>): Promise<void> => {
  const [compute, passwords, output] = Args.parse(process.argv.slice(2))
  for (const [name, value] of Object.entries(SECRETS)) process.env[`SST_SECRET_${name}`] = value
  process.env['SST_SERVER'] = await answerBuilds(dirname(output))
  process.env['CLOUDFLARE_DEFAULT_ACCOUNT_ID'] = 'cloudflare-account'
  const resources: RecordedResource[] = []
  await $util.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        const read = id !== undefined && id !== ''
        const resource = { type, name, inputs: Inputs.parse(unwrap(inputs)) }
        if (read) return { id, state: stateOf({ ...resource, inputs: { name: id } }) }
        resources.push(resource)
        return { id: IDS[type] ?? `${name}-id`, state: stateOf(resource) }
      },
      call: ({ token, inputs }) => ANSWERS[token]?.(Inputs.parse(inputs)) ?? {},
    },
    $app.name,
    $app.stage,
    false,
  )
  // Resources wait for each other in many turns; when the process has nothing left to do, all of them are asked for.
  process.on('exit', (code) => code === 0 && writeFileSync(output, JSON.stringify(resources)))
  const { deploy } = await import('../deploy.ts')
  const { settingsOf } = await import('../settings.ts')
  await $util.runtime.runInPulumiStack(() => run(async () => deploy({ ...settingsOf($app.stage), compute, passwords })))
}
