import { queueNames } from '#bus/transports/aws/topology.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { deployedTopology } from './bus.ts'
import { createPublicKey } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '#services/kit/config.ts'
import { ContainerConfig } from '#services/kit/hosts/container-config.ts'
import { LambdaConfig } from '#services/kit/hosts/lambda/lambda-config.ts'
import { endsOf } from '#services/kit/service.ts'
import { SERVICES } from './contracts.ts'
import { entries } from './entries.ts'
import { isPlatformInstalled, projectDirectory } from './platform.ts'
import { type Compute, replySlotsOf, settingsOf } from './settings.ts'
import { type Graph, graphOf, PASSWORDS, type RecordedResource } from './testing/graph.ts'
import { environmentsOf, nameIn, queuesOf, resourcesOf, rightsOf, RULES } from './testing/rules.ts'

const PREFIX = 'edtech-production'
const QUEUE = 'aws:sqs/queue:Queue'
const TARGET = 'aws:cloudwatch/eventTarget:EventTarget'
const ROLE_POLICY = 'aws:iam/rolePolicy:RolePolicy'
const names = queueNames(PREFIX)
/** One for each of at most ten containers; functions wait at no queue. */
const slots = (compute: Compute, service: string): string[] =>
  Array.from({ length: compute === 'containers' ? 10 : 0 }, (_, slot) => names.replies(service, slot))

/** Whom each service may send to; written by hand, so that it stands against what is derived. */
const sendsTo = (compute: Compute): Readonly<Record<string, readonly string[]>> => ({
  user: [
    names.commands('user'),
    names.commands('learning'),
    names.commands('payment'),
    names.requests('learning'),
    names.requests('payment'),
    ...slots(compute, 'learning'),
    ...slots(compute, 'payment'),
  ],
  learning: [
    names.commands('learning'),
    names.commands('payment'),
    names.commands('user'),
    names.requests('user'),
    ...slots(compute, 'user'),
    ...slots(compute, 'payment'),
  ],
  payment: [
    names.commands('payment'),
    names.commands('learning'),
    names.commands('user'),
    names.requests('user'),
    names.requests('learning'),
    ...slots(compute, 'user'),
  ],
})

/** Whose questions each service answers, and whom it asks. */
const ASKED_BY: Readonly<Record<string, readonly string[]>> = {
  user: ['learning', 'payment'],
  learning: ['user', 'payment'],
  payment: ['user'],
}
const ASKS: Readonly<Record<string, readonly string[]>> = {
  user: ['learning', 'payment'],
  learning: ['user'],
  payment: ['learning', 'user'],
}

/** The secrets that each service has beside those of every service. */
const secretsOf = (compute: Compute): Readonly<Record<string, readonly string[]>> => ({
  user: [
    'JWT_PRIVATE_KEY',
    'TOKEN_SECRET',
    'SMTP_URL',
    ...(PASSWORDS[compute] === 'cognito' ? ['COGNITO_CLIENT_SECRET'] : []),
  ],
  learning: [],
  payment: ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'],
})

/** What a service may do beside the bus: the user service with the user pool that keeps its passwords. */
const beside = (compute: Compute, service: string): readonly string[] =>
  PASSWORDS[compute] === 'cognito' && service === 'user'
    ? [
        'cognito-idp:AdminAddUserToGroup',
        'cognito-idp:AdminConfirmSignUp',
        'cognito-idp:AdminDeleteUser',
        'cognito-idp:AdminGetUser',
        'cognito-idp:AdminInitiateAuth',
        'cognito-idp:AdminListGroupsForUser',
        'cognito-idp:AdminRemoveUserFromGroup',
        'cognito-idp:AdminSetUserPassword',
        'cognito-idp:AdminUpdateUserAttributes',
        'cognito-idp:ListUsers',
      ]
    : []

const internalUrl = (compute: Compute, service: string): RegExp =>
  compute === 'containers'
    ? new RegExp(`^http://${service}\\.production\\.edtech\\..+:3001$`)
    : /^https:\/\/InternalApi\.execute-api\.eu-central-1\.amazonaws\.com$/

const HOSTS = { containers: ContainerConfig, functions: LambdaConfig } as const

/** What the containers or functions of a service find in their environments. */
const environmentsFor = (graph: Graph, service: string): readonly Readonly<Record<string, string>>[] =>
  [...environmentsOf(graph)]
    .filter(([definition]) => definition.toLowerCase().startsWith(service))
    .map(([, variables]) => variables)

/** The configuration that a service's host reads there. */
const hostConfigOf = (graph: Graph, compute: Compute, service: string): LambdaConfig =>
  loadConfig<LambdaConfig>(HOSTS[compute], environmentsFor(graph, service)[0])

const resourcesFor = (graph: Graph, role: string, action: string): string[] =>
  rightsOf(graph, role)
    .filter(({ Action }) => Action.includes(action))
    .flatMap(({ Resource }) => Resource)

/** A graph in which the first resource of a type is other than it was, or gone. */
const broken = (
  graph: Graph,
  type: string,
  change: (resource: RecordedResource) => RecordedResource | undefined,
): Graph => {
  const at = graph.findIndex((resource) => resource.type === type)
  const victim = graph[at]
  if (!victim) throw new Error(`There is no ${type} to break.`)
  return graph.flatMap((resource) => (resource === victim ? (change(victim) ?? []) : resource))
}

const withInputs =
  (inputs: Record<string, unknown>) =>
  (resource: RecordedResource): RecordedResource => ({ ...resource, inputs: { ...resource.inputs, ...inputs } })

const allowing = (statement: Record<string, unknown>) =>
  withInputs({ policy: JSON.stringify({ Statement: [{ Effect: 'Allow', ...statement }] }) })

// `npm run check` installs what this needs; .ci/run does that first, so there it is never left out.
const isRunnable = isPlatformInstalled() || process.env['CI'] !== undefined

const graphs = new Map<Compute, Promise<Graph>>()
const graphOnce = (compute: Compute): Promise<Graph> => {
  const graph = graphs.get(compute) ?? graphOf(compute)
  graphs.set(compute, graph)
  return graph
}

describe.runIf(isRunnable).each(['containers', 'functions'] as const)('a deployment in %s', (compute: Compute) => {
  let graph: Graph
  beforeAll(async () => {
    graph = await graphOnce(compute)
  }, 180_000)

  test.each(Object.entries(RULES))('%s', (_, rule) => {
    expect(rule(graph)).toEqual([])
  })

  test('has every queue of the topology as the topology says, and no other', () => {
    const { queues } = deployedTopology({ ...settingsOf('production'), compute })
    const made = queuesOf(graph).map(({ name, visibilityTimeoutSeconds }) => ({ name, visibilityTimeoutSeconds }))
    const planned = queues.map(({ name, visibilitySeconds }) => ({
      name,
      visibilityTimeoutSeconds: visibilitySeconds,
    }))
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name)
    expect(made.toSorted(byName)).toEqual(planned.toSorted(byName))
  })

  test('takes every event that a service subscribes to into its queue', () => {
    const Pattern = z.object({ source: z.array(z.string()).length(1), 'detail-type': z.array(z.string()) })
    const targets = new Map(
      resourcesOf(graph, 'aws:cloudwatch/eventTarget:EventTarget').map(({ inputs }) => {
        expect(inputs['inputPath']).toBe('$.detail')
        return [inputs['rule'], nameIn(String(inputs['arn']))]
      }),
    )
    const taken = resourcesOf(graph, 'aws:cloudwatch/eventRule:EventRule').flatMap(({ name, inputs }) =>
      Pattern.parse(JSON.parse(String(inputs['eventPattern'])))['detail-type'].map(
        (type) => `${type} to ${targets.get(name)}`,
      ),
    )
    const wanted = SERVICES.flatMap((service) =>
      endsOf(service).subscriptions.map((type) => `${type} to ${names.events(service.name)}`),
    )
    expect(wanted).toContain('payment.completed to edtech-production-learning-evt')
    expect(taken.toSorted()).toEqual(wanted.toSorted())
  })

  describe.each(SERVICES.map(({ name }) => name))('lets %s', (service) => {
    const role = `${PREFIX}-${service}`

    test('send to the services of its contracts alone', () => {
      const allowed = resourcesFor(graph, role, 'sqs:SendMessage').map(nameIn)
      expect(allowed.toSorted()).toEqual([...(sendsTo(compute)[service] ?? [])].toSorted())
    })

    test('receive from its own queues alone', () => {
      const own = [names.events(service), names.commands(service), names.requests(service), ...slots(compute, service)]
      for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'])
        expect(resourcesFor(graph, role, action).map(nameIn).toSorted(), action).toEqual(own.toSorted())
    })

    test('publish under its own name alone', () => {
      const statements = rightsOf(graph, role).filter(({ Action }) => Action.includes('events:PutEvents'))
      expect(statements).toEqual([
        {
          Effect: 'Allow',
          Action: ['events:PutEvents'],
          Resource: [expect.stringMatching(/:edtech-production$/)],
          Condition: { StringEquals: { 'events:source': `edtech.${service}` } },
        },
      ])
    })

    test('do nothing else: it makes, lists, tags and changes nothing', () => {
      const actions = new Set(rightsOf(graph, role).flatMap(({ Action }) => Action))
      const expected = [
        ...beside(compute, service),
        'events:PutEvents',
        's3:GetObject',
        's3:PutObject',
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ]
      expect([...actions].toSorted()).toEqual(expected)
    })
  })

  test.each(SERVICES.map((service) => [service.name, service] as const))(
    'gives %s the variables that it starts with, and no secret of another',
    (name, service) => {
      const environments = environmentsFor(graph, name)
      expect(environments.length).toBeGreaterThan(0)
      for (const variables of environments) {
        expect(() => loadConfig(service.config, variables)).not.toThrow()
        expect(() => loadConfig(HOSTS[compute], variables)).not.toThrow()
        const secrets = secretsOf(compute)
        const known = Object.values(secrets).flat()
        expect(known.filter((secret) => secret in variables)).toEqual(secrets[name])
        expect(variables['DATABASE_URL']).toContain(`//edtech_${name}:`)
      }
    },
  )

  test.each(SERVICES.map(({ name }) => name))('lets %s know whom it asks, and the askers it answers', (name) => {
    const of = (service: string) => hostConfigOf(graph, compute, service)
    const { SERVICE_PRIVATE_KEY, SERVICE_PUBLIC_KEYS, INTERNAL_URLS } = of(name)
    const publicOf = (pem: string) => createPublicKey(pem).export({ type: 'spki', format: 'pem' })
    expect(SERVICE_PUBLIC_KEYS).toEqual(
      Object.fromEntries((ASKED_BY[name] ?? []).map((asker) => [asker, publicOf(of(asker).SERVICE_PRIVATE_KEY)])),
    )
    expect(Object.keys(INTERNAL_URLS).toSorted()).toEqual([name, ...(ASKS[name] ?? [])].toSorted())
    for (const [service, url] of Object.entries(INTERNAL_URLS)) expect(url).toMatch(internalUrl(compute, service))
    const others = SERVICES.filter((service) => service.name !== name).map((service) => of(service.name))
    expect(others.map((other) => other.SERVICE_PRIVATE_KEY)).not.toContain(SERVICE_PRIVATE_KEY)
  })

  test('serves the catalog from the edge with secrets that it cannot show', () => {
    const Binding = z.object({ name: z.string(), type: z.string() })
    const [worker] = resourcesOf(graph, 'cloudflare:index/workersScript:WorkersScript')
    const bindings = z.array(Binding).parse(worker?.inputs['bindings'])
    expect(Object.fromEntries(bindings.map(({ name, type }) => [name, type]))).toMatchObject({
      UPSTASH_REDIS_REST_URL: 'secret_text',
      UPSTASH_REDIS_REST_TOKEN: 'secret_text',
      CURSOR_SECRET: 'secret_text',
      CLIENT_LIMIT: 'ratelimit',
    })
    expect(worker?.inputs['compatibilityDate']).toBe('2026-10-01')
  })

  test('migrates before a service starts', () => {
    const order = graph.map(({ type }) => type)
    const first = compute === 'containers' ? 'aws:ecs/service:Service' : 'aws:scheduler/schedule:Schedule'
    expect(order.indexOf('aws:lambda/invocation:Invocation')).toBeGreaterThan(-1)
    expect(order.indexOf('aws:lambda/invocation:Invocation')).toBeLessThan(order.indexOf(first))
  })

  test.each<[string, (of: Graph) => Graph]>([
    ['every queue has a dead-letter queue of its own', (of) => broken(of, QUEUE, () => undefined)],
    [
      'every target of a rule has a dead-letter queue',
      (of) => broken(of, TARGET, withInputs({ deadLetterConfig: undefined })),
    ],
    [
      'every rule feeds a queue that lets it in',
      (of) => of.filter(({ type }) => type !== 'aws:sqs/queuePolicy:QueuePolicy'),
    ],
    [
      'a policy names one source and no *',
      (of) => broken(of, ROLE_POLICY, allowing({ Action: 'sqs:*', Resource: 'arn:x' })),
    ],
    [
      'a policy names one source and no *',
      (of) => broken(of, ROLE_POLICY, allowing({ Action: 'sqs:SendMessage', Resource: '*' })),
    ],
    [
      'a policy names one source and no *',
      (of) =>
        broken(
          of,
          'aws:sqs/queuePolicy:QueuePolicy',
          allowing({ Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: 'arn:x' }),
        ),
    ],
    [
      'a role has no wider policy beside its own',
      (of) =>
        broken(
          of,
          'aws:iam/role:Role',
          withInputs({ managedPolicyArns: ['arn:aws:iam::aws:policy/AmazonSQSFullAccess'] }),
        ),
    ],
    ['everything is encrypted', (of) => broken(of, QUEUE, withInputs({ sqsManagedSseEnabled: false }))],
    [
      'everything is encrypted',
      (of) => broken(of, 'aws:rds/instance:Instance', withInputs({ storageEncrypted: false })),
    ],
    ['every queue has its alarm', (of) => broken(of, 'aws:cloudwatch/metricAlarm:MetricAlarm', () => undefined)],
    [
      'every API is throttled',
      (of) => broken(of, 'aws:apigatewayv2/stage:Stage', withInputs({ defaultRouteSettings: {} })),
    ],
  ])('would not pass broken: %s', (name, breaking) => {
    expect(RULES[name]?.(breaking(graph))).not.toEqual([])
  })
})

describe('the programs that a deployment starts', () => {
  test.each(SERVICES.map(({ name }) => name))('of %s are there', async (name) => {
    const { context, dockerfile, args } = entries.image(name)
    expect(existsSync(join(projectDirectory, context, dockerfile))).toBe(true)
    expect(existsSync(join(projectDirectory, `services/${args.SERVICE}/main.ts`))).toBe(true)
    expect(readFileSync(join(projectDirectory, dockerfile), 'utf8')).toContain('ARG SERVICE')
    for (const entry of ['http', 'queue', 'schedule'] as const) {
      const [file, exported] = entries.handler(name, entry).split('.')
      const source = readFileSync(join(projectDirectory, `${file}.ts`), 'utf8')
      expect(/export const \{ (.+) \} = lambdaOf/.exec(source)?.[1]?.split(', ')).toContain(exported)
    }
  })

  test('that run once or at the edge are there', () => {
    const files = [entries.migrate.replace(/\.handler$/, '.ts'), entries.catalogWorker, entries.catalogSettings]
    expect(files.filter((file) => !existsSync(join(projectDirectory, file)))).toEqual([])
  })
})

describe.runIf(isRunnable)('deployments', () => {
  test('keep passwords in the database, or in a user pool with a group for each role that no one registers at', async () => {
    const pools = async (compute: Compute) =>
      resourcesOf(await graphOnce(compute), 'aws:cognito/userPool:UserPool').map(({ inputs }) => inputs)
    expect(await pools('containers')).toEqual([])
    expect(await pools('functions')).toMatchObject([
      { name: PREFIX, deletionProtection: 'ACTIVE', mfaConfiguration: 'OFF' },
    ])
    const graph = await graphOnce('functions')
    const groups = resourcesOf(graph, 'aws:cognito/userGroup:UserGroup').map(({ inputs }) => inputs['name'])
    expect(groups).toEqual(['learner', 'tutor', 'admin', 'support'])
    // Signing up needs the secret of the client, which the user service alone has.
    expect(resourcesOf(graph, 'aws:cognito/userPoolClient:UserPoolClient').map(({ inputs }) => inputs)).toMatchObject([
      { generateSecret: true, explicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'] },
    ])
  })

  test('of containers have as many reply queues as the services are told', async () => {
    const graph = await graphOnce('containers')
    for (const { name } of SERVICES) {
      const [variables] = environmentsFor(graph, name)
      const queues = queuesOf(graph).filter((queue) => queue.name.startsWith(names.replies(name, 0).slice(0, -1)))
      expect(queues.filter((queue) => !queue.name.endsWith('-dlq'))).toHaveLength(Number(variables?.['REPLY_SLOTS']))
    }
    expect(replySlotsOf(settingsOf('production'))).toBe(10)
  })

  test('of functions have a door for services that is not the public one, with a route for each of their messages', async () => {
    const graph = await graphOnce('functions')
    const routes = resourcesOf(graph, 'aws:apigatewayv2/route:Route').filter(
      ({ inputs }) => inputs['apiId'] === 'InternalApi-id',
    )
    const forServices = SERVICES.flatMap(({ patterns }) =>
      patterns.messages.filter(({ audience }) => audience === 'services').map(({ type }) => type),
    )
    expect(forServices).toContain('user.check_session')
    expect(routes.map(({ inputs }) => String(inputs['routeKey'])).toSorted()).toEqual(
      forServices.map((type) => `POST /internal/messages/${type}`).toSorted(),
    )
    // The token of a service is in the header that a signature of AWS would take.
    expect(routes.filter(({ inputs }) => inputs['authorizationType'] !== undefined)).toEqual([])
    const others = resourcesOf(graph, 'aws:apigatewayv2/route:Route').filter((route) => !routes.includes(route))
    expect(others.filter(({ inputs }) => String(inputs['routeKey']).includes('/internal/'))).toEqual([])
  })

  test('functions would not pass with one slower than its queue thinks', async () => {
    const slow = (await graphOnce('functions')).map((resource) =>
      resource.type === 'aws:lambda/function:Function' ? withInputs({ timeout: 31 })(resource) : resource,
    )
    expect(RULES['a message stays hidden for six runs of its function']?.(slow)).toHaveLength(6)
  })

  test('containers would not pass with a secret in a definition', async () => {
    const graph = await graphOnce('containers')
    const [secret] = resourcesOf(graph, 'aws:ssm/parameter:Parameter')
    const containerDefinitions = JSON.stringify([{ environment: [{ name: 'X', value: secret?.inputs['value'] }] }])
    const shown = broken(graph, 'aws:ecs/taskDefinition:TaskDefinition', withInputs({ containerDefinitions }))
    expect(RULES['no definition shows a secret']?.(shown)).toHaveLength(1)
  })
})
