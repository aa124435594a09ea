import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAwsClients } from '#bus/transports/aws/clients.ts'
import { removeProvisioned } from '#bus/transports/aws/provision.ts'
import { queueNames } from '#bus/transports/aws/topology.ts'
import { environment, loadConfig } from '#services/kit/config.ts'
import { composeService } from '#services/kit/hosts/compose-service.ts'
import { createLogger } from '#services/kit/logging.ts'
import { loadOrCreateSecrets } from '#services/kit/secrets.ts'
import { createTestDatabase } from '#services/kit/testing/database.ts'
import { control } from '#services/payment/sandbox/testing/start-sandbox.ts'
import { user } from '#services/user/service.ts'
import { createTestClient } from '#services/embedded/testing/client.ts'
import { emptyRedisUrl } from '#services/embedded/testing/empty-redis.ts'
import { freePorts } from '#services/kit/testing/free-ports.ts'
import { createMovableClock, type PlatformUnderTest } from '#services/embedded/testing/platform.ts'
import { z } from 'zod'
import type { Instance } from '../stack/instances.ts'
import { SERVICES, type ServiceName } from '../stack/options.ts'
import { operatorPorts } from '../stack/operator-ports.ts'
import { REGION, type Stack, stackTopology, startStack } from '../stack/stack.ts'
import { serviceVariables } from '../stack/variables.ts'

export interface TestStackOptions {
  readonly instances?: Partial<Record<ServiceName, number>>
  /** Takes every line that a service prints; by default those that are no log of the level `error` are dropped. */
  readonly log?: (line: string, service: string) => void
  /** More configuration for every service. */
  readonly variables?: Readonly<Record<string, string>>
}

/** The platform as processes of their own, on stores and queues of this test's own. */
export interface TestStack extends PlatformUnderTest {
  readonly stack: Stack
  /** Starts one more process, whose time is the others'. */
  start(service: ServiceName): Promise<Instance>
  /** Gives an order to a service's process and waits for its answer. */
  order(instance: Instance, order: Readonly<Record<string, unknown>>): Promise<unknown>
}

/** The servers that a stack needs; a suite that needs a stack runs where all of them are reachable. */
export const STACK_SERVERS = ['REDIS_URL', 'AWS_ENDPOINT_URL'] as const
export const canRunStack = STACK_SERVERS.every((name) => environment[name])

const Done = z.object({ done: z.string(), answer: z.unknown().optional() })
/** Processes of the stack take so many ports at most: three doors, and two of each service's instance. */
const PORTS = 60

const jsonOf = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** Starts the stack with hosts that tests can order about. */
export const startTestStack = async (options: TestStackOptions = {}): Promise<TestStack> => {
  const directory = await mkdtemp(join(tmpdir(), 'education-platform-'))
  const secrets = await loadOrCreateSecrets(directory)
  const database = await createTestDatabase()
  const clock = createMovableClock()
  const prefix = `t${randomBytes(4).toString('hex')}`
  const awaited = new Map<string, (answer: unknown) => void>()
  const onLine = (line: string, service: string): void => {
    const done = Done.safeParse(jsonOf(line))
    if (done.success) awaited.get(done.data.done)?.(done.data.answer)
    else if (options.log) options.log(line, service)
    else if (line.startsWith('{"level":"error"')) process.stdout.write(`${line}\n`)
  }
  const program = new URL('service-host.ts', import.meta.url).pathname
  const stack = await startStack({
    directory,
    cache: directory,
    port: await freePorts(PORTS),
    queuePrefix: prefix,
    instances: { user: 1, learning: 1, payment: 1, ...options.instances },
    secrets,
    variables: {
      ...environment,
      DATABASE_URL: database.url,
      REDIS_URL: await emptyRedisUrl(),
      STRIPE_BASE_URL: undefined,
    },
    ...(options.variables && { overrides: options.variables }),
    seed: false,
    programOf: (service) => [program, service],
    logger: createLogger({ level: 'error', service: 'stack' }),
    onLine,
    say: () => undefined,
  }).catch(async (error: unknown) => {
    await database.drop()
    throw error
  })

  const order: TestStack['order'] = async (instance, given) => {
    const id = randomUUID()
    const { promise, resolve } = Promise.withResolvers<unknown>()
    awaited.set(id, resolve)
    instance.child.write(JSON.stringify({ ...given, id }))
    // A process that dies meanwhile never answers.
    const answer = await Promise.race([promise, instance.child.ended])
    awaited.delete(id)
    return answer
  }
  const provider = control(stack.paymentsUrl, secrets.stripeSecretKey)
  const operator = composeService(
    user,
    loadConfig(user.config, serviceVariables('user', stack.addresses, secrets)),
    operatorPorts(database.url, secrets, clock),
  )
  const clients = createAwsClients({ region: REGION, endpoint: stack.addresses.awsEndpoint })
  const documents = SERVICES.map((name) => `/openapi/${name}.json`)

  return {
    stack,
    operator: operator.runtime.buses,
    issuer: stack.apiUrl,
    client: await createTestClient(stack.apiUrl, [...documents, '/catalog/v1/openapi.json']),
    secrets,
    clock,
    sandbox: { baseUrl: stack.paymentsUrl },
    catalogUrl: stack.catalogUrl,
    provider,
    databaseUrl: database.url,
    directory,
    order,
    start: async (service) => {
      const instance = await stack.start(service, { CLOCK_AHEAD_MS: String(clock.aheadMs()) })
      await order(instance, { order: 'set-clock', aheadMs: clock.aheadMs() })
      return instance
    },
    receive: async (service, body) => {
      const sqs = await clients.queues()
      const QueueUrl = await clients.queueUrl(queueNames(prefix).events(service))
      await sqs.sendMessage({ QueueUrl, MessageBody: body })
    },
    forward: async (ms) => {
      await provider.moveClock(clock.aheadMs() + ms)
      clock.forward(ms)
      const aheadMs = clock.aheadMs()
      await Promise.all(stack.rotation.all().map((instance) => order(instance, { order: 'set-clock', aheadMs })))
    },
    stop: async () => {
      await operator.dispose()
      await stack.stop()
      await removeProvisioned(clients, stackTopology(prefix))
      clients.close()
      await database.drop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
