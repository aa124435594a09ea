import { join } from 'node:path'
import { openPostgres, openRestDoor } from '#services/embedded/stores.ts'
import { startCatalogWorker } from '#edge/catalog/workerd.ts'
import { destinationOf, isAnswered } from '#bus/patterns/directory.ts'
import { MESSAGES_PATH } from '#bus/request-reply/http-lane.ts'
import { createAwsClients } from '#bus/transports/aws/clients.ts'
import { provision } from '#bus/transports/aws/provision.ts'
import { topologyOf } from '#bus/transports/aws/topology.ts'
import type { ConfigSource } from '#services/kit/config.ts'
import { assertPortFree, listen } from '#services/kit/hosts/listener.ts'
import type { Logger } from '#services/kit/logging.ts'
import { migrateServices } from '#services/kit/postgres/migrate.ts'
import { connectRedis } from '#services/kit/redis/server.ts'
import type { Secrets } from '#services/kit/secrets.ts'
import { endsOf } from '#services/kit/service.ts'
import { learning } from '#services/learning/service.ts'
import { createSandbox } from '#services/payment/sandbox/sandbox.ts'
import { payment } from '#services/payment/service.ts'
import { user } from '#services/user/service.ts'
import { startProxy } from '../proxy/proxy.ts'
import { routeTableOf } from '../proxy/route-table.ts'
import { installEmulator, startEmulator } from './emulator.ts'
import { createFront } from './front.ts'
import { createRotation, type Instance, type Rotation, startInstance } from './instances.ts'
import { SERVICES, type ServiceName } from './options.ts'
import { startRedisServer } from './redis-server.ts'
import { routedDocuments } from './routed-documents.ts'
import { seedStack } from './seed.ts'
import { serviceVariables, type StackAddresses } from './variables.ts'

export interface StackOptions {
  readonly directory: string
  /** Programs that npm does not bring are installed here. */
  readonly cache: string
  /** The API's; the others follow it. */
  readonly port: number
  readonly instances: Readonly<Record<ServiceName, number>>
  readonly secrets: Secrets
  /** The configuration that a person gave: servers that run already, Stripe. */
  readonly variables: ConfigSource
  /** Configuration of every service's processes that wins over the stack's. */
  readonly overrides?: ConfigSource
  /** Demo logins and courses at the first start. */
  readonly seed: boolean
  readonly logger: Logger
  /** Begins the names of the queues. */
  readonly queuePrefix: string
  /** What runs a service, in place of its `main.ts`. */
  readonly programOf?: (service: ServiceName) => readonly string[]
  /** Takes what the processes of a service print. */
  readonly onLine: (line: string, service: string) => void
  readonly say: (text: string) => void
}

/** The platform as it runs in production, a process for each service. */
export interface Stack {
  readonly apiUrl: string
  readonly catalogUrl: string
  readonly paymentsUrl: string
  readonly addresses: StackAddresses
  readonly rotation: Rotation
  /** Starts one more process of a service, which takes part at once; `changes` to its configuration win. */
  start(service: ServiceName, changes?: ConfigSource): Promise<Instance>
  /** Takes a process out of the rotation once it has drained. */
  stopInstance(instance: Instance): Promise<void>
  /** Drains everything, the services first. */
  stop(): Promise<void>
}

const HOST = '127.0.0.1'
const services = [user, learning, payment]

/** The topology of the local stack. */
export const stackTopology = (prefix: string) => topologyOf(services.map(endsOf), { prefix })

/** Starts stores, queues, services, Worker and the proxy in front of them. What fails stops all that was started. */
export const startStack = async (options: StackOptions): Promise<Stack> => {
  const stack = new AsyncDisposableStack()
  try {
    return await start(options, stack)
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

const start = async (options: StackOptions, stack: AsyncDisposableStack): Promise<Stack> => {
  const { directory, port, instances, secrets, variables, logger, onLine, programOf } = options
  const [catalogPort, sandboxPort, redisPort, emulatorPort] = [port + 1, port + 2, port + 3, port + 4]
  for (const taken of [port, catalogPort, sandboxPort, redisPort, emulatorPort]) await assertPortFree(taken, HOST)
  const apiUrl = `http://${HOST}:${port}`

  const [database, redisUrl, awsEndpoint] = await Promise.all([
    openDatabase(options, stack),
    openRedisServer(variables['REDIS_URL'], redisPort, stack),
    openEmulator(options, emulatorPort, stack),
  ])
  await provisionAt(awsEndpoint, options.queuePrefix)
  const paymentsUrl = await startSandbox(options, apiUrl, sandboxPort, stack)

  const rotation = createRotation()
  stack.defer(rotation.stop)
  const inside = await startProxy({
    port: 0,
    host: HOST,
    serviceOf: (_method, path) => answererOf(path),
    instancesOf: (service) => rotation.readyOf(service).map(({ internalUrl }) => internalUrl),
    fallback: NOBODY,
  })
  stack.defer(inside.close)
  const addresses: StackAddresses = {
    databaseUrl: database,
    redisUrl,
    awsEndpoint,
    queuePrefix: options.queuePrefix,
    apiUrl,
    jwksUrl: `${apiUrl}/.well-known/jwks.json`,
    stripeUrl: paymentsUrl,
    internalUrl: `http://${HOST}:${inside.port}`,
  }
  if (options.seed) await seedStack(database, secrets, seedVariables(secrets, addresses), directory)

  const { catalogUrl } = await startCatalog(options, redisUrl, catalogPort, stack)
  const front = await listen(
    createFront({ services, catalogUrl, demoLogins: demoLoginsOf(options), logger }).fetch,
    0,
    HOST,
  )
  stack.defer(() => front.drain(0))
  const proxy = await startProxy({
    port,
    host: HOST,
    serviceOf: routeTableOf(routedDocuments(services)),
    instancesOf: (service) =>
      service === FRONT ? [`http://${HOST}:${front.port}`] : rotation.readyOf(service).map(({ url }) => url),
    fallback: FRONT,
  })
  stack.defer(proxy.close)
  stack.defer(() => Promise.all(rotation.all().map((instance) => instance.child.stop())).then(() => undefined))

  let nextPort = port + 10
  const startService: Stack['start'] = async (service, changes = {}) => {
    const ports = { port: nextPort++, internalPort: nextPort++ }
    for (const taken of Object.values(ports)) await assertPortFree(taken, HOST)
    const env = {
      ...inherited(variables),
      ...serviceVariables(service, addresses, secrets),
      ...options.overrides,
      ...changes,
    }
    const instance = await startInstance({
      service,
      host: HOST,
      ...ports,
      program: programOf?.(service),
      env,
      onLine: (line) => onLine(line, service),
    })
    rotation.add(instance)
    return instance
  }
  await Promise.all(SERVICES.flatMap((name) => Array.from({ length: instances[name] }, () => startService(name))))

  return {
    apiUrl,
    catalogUrl,
    paymentsUrl,
    addresses,
    rotation,
    start: startService,
    stopInstance: async (instance) => {
      await instance.child.stop()
      rotation.remove(instance)
    },
    stop: () => stack.disposeAsync(),
  }
}

const FRONT = 'front'
const NOBODY = 'nobody'

/** The service that answers the message of a path like `/internal/messages/user.get_contact`. */
const answererOf = (path: string): string | undefined => {
  const type = path.startsWith(`${MESSAGES_PATH}/`) ? path.slice(MESSAGES_PATH.length + 1) : ''
  return isAnswered(type) ? destinationOf({ type }) : undefined
}
export const REGION = 'us-east-1'

/** What a service's process takes from the person's environment beside its own configuration. */
const inherited = (variables: ConfigSource): ConfigSource => ({
  PATH: variables['PATH'],
  LOG_LEVEL: variables['LOG_LEVEL'],
  NODE_COMPILE_CACHE: variables['NODE_COMPILE_CACHE'],
  OTEL_EXPORTER_OTLP_ENDPOINT: variables['OTEL_EXPORTER_OTLP_ENDPOINT'],
  OTEL_TRACES_SAMPLER_ARG: variables['OTEL_TRACES_SAMPLER_ARG'],
})

const seedVariables = (secrets: Secrets, addresses: StackAddresses): ConfigSource => ({
  ...serviceVariables('user', addresses, secrets),
})

const demoLoginsOf = ({ secrets }: StackOptions) =>
  Object.entries(secrets.demo).map(([label, login]) => ({ label, ...login }))

const openDatabase = async ({ variables, directory }: StackOptions, stack: AsyncDisposableStack): Promise<string> => {
  const database = await openPostgres(variables['DATABASE_URL'], directory)
  stack.defer(database.stop)
  await migrateServices(
    database.url,
    services.map(({ tables }) => tables),
  )
  return database.url
}

const openRedisServer = async (
  given: string | undefined,
  port: number,
  stack: AsyncDisposableStack,
): Promise<string> => {
  if (given !== undefined) return given
  const { url, child } = await startRedisServer(port)
  stack.defer(() => child.stop())
  return url
}

const openEmulator = async (
  { variables, cache, directory, say }: StackOptions,
  port: number,
  stack: AsyncDisposableStack,
): Promise<string> => {
  const given = variables['AWS_ENDPOINT_URL']
  if (given !== undefined) return given
  const program = await installEmulator(cache, say)
  const { endpoint, child } = await startEmulator(program, port, join(directory, 'emulator'))
  stack.defer(() => child.stop())
  return endpoint
}

const provisionAt = async (endpoint: string, prefix: string): Promise<void> => {
  const clients = createAwsClients({ region: REGION, endpoint })
  try {
    await provision(clients, stackTopology(prefix))
  } finally {
    clients.close()
  }
}

const startSandbox = async (
  { variables, directory, secrets }: StackOptions,
  apiUrl: string,
  port: number,
  stack: AsyncDisposableStack,
): Promise<string> => {
  const given = variables['STRIPE_BASE_URL']
  if (given !== undefined) return given
  const sandbox = createSandbox({
    database: join(directory, 'sandbox.sqlite'),
    apiKey: secrets.stripeSecretKey,
    webhookSecret: secrets.stripeWebhookSecret,
    webhookUrl: `${apiUrl}/v1/webhooks/stripe`,
  })
  stack.defer(sandbox.close)
  return (await sandbox.listen(port, HOST)).baseUrl
}

const startCatalog = async (
  { secrets }: StackOptions,
  redisUrl: string,
  port: number,
  stack: AsyncDisposableStack,
): Promise<{ readonly catalogUrl: string }> => {
  const redis = connectRedis({ url: redisUrl })
  stack.defer(() => redis.close())
  const tokens = { write: secrets.redisRestToken, readOnly: secrets.redisRestReadOnlyToken }
  const door = await openRestDoor(redis, tokens, [])
  stack.defer(door.close)
  const worker = await startCatalogWorker({
    redisUrl: door.url,
    redisToken: tokens.readOnly,
    cursorSecret: secrets.cursorSecret,
    port,
    hostname: HOST,
  })
  stack.defer(() => worker.stop())
  return { catalogUrl: `http://${HOST}:${worker.port}` }
}
