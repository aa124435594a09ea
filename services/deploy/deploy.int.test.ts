import { queueNames } from '#bus/transports/aws/topology.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { deployedTopology } from './bus.ts'
import { SERVICES, subscriptionsOf } from './contracts.ts'
import { isPlatformInstalled } from './platform.ts'
import { type Compute, settingsOf } from './settings.ts'
import { type Graph, graphOf, type RecordedResource } from './testing/graph.ts'
import { environmentsOf, nameIn, queuesOf, resourcesOf, rightsOf, RULES } from './testing/rules.ts'

const PREFIX = 'edtech-production'
const QUEUE = 'aws:sqs/queue:Queue'
const TARGET = 'aws:cloudwatch/eventTarget:EventTarget'
const ROLE_POLICY = 'aws:iam/rolePolicy:RolePolicy'
const names = queueNames(PREFIX)
const slots = (service: string): string[] => Array.from({ length: 8 }, (_, slot) => names.replies(service, slot))

/** Whom each service may send to; written by hand, so that it stands against what is derived. */
const SENDS_TO: Readonly<Record<string, readonly string[]>> = {
  user: [names.commands('user'), ...slots('learning'), ...slots('payment')],
  learning: [names.commands('learning'), names.commands('payment'), names.requests('user')],
  payment: [names.commands('payment'), names.commands('learning'), names.requests('user')],
}

/** The secrets that each service has beside those of every service. */
const SECRETS: Readonly<Record<string, readonly string[]>> = {
  user: ['JWT_PRIVATE_KEY', 'TOKEN_SECRET', 'SMTP_URL'],
  learning: [],
  payment: ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'],
}

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
      subscriptionsOf(service).map((type) => `${type} to ${names.events(service.name)}`),
    )
    expect(wanted).toContain('payment.completed to edtech-production-learning-evt')
    expect(taken.toSorted()).toEqual(wanted.toSorted())
  })

  describe.each(SERVICES.map(({ name }) => name))('lets %s', (service) => {
    const role = `${PREFIX}-${service}`

    test('send to the services of its contracts alone', () => {
      const allowed = resourcesFor(graph, role, 'sqs:SendMessage').map(nameIn)
      expect(allowed.toSorted()).toEqual([...(SENDS_TO[service] ?? [])].toSorted())
    })

    test('receive from its own queues alone', () => {
      const own = [names.events(service), names.commands(service), names.requests(service), ...slots(service)]
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
      const asks = compute === 'functions' && service !== 'user' ? ['execute-api:Invoke'] : []
      expect([...actions].toSorted()).toEqual([...expected, ...asks].toSorted())
    })
  })

  test.each(SERVICES.map((service) => [service.name, service] as const))(
    'gives %s the variables that it starts with, and no secret of another',
    (name, { config }) => {
      const environments = [...environmentsOf(graph)].filter(([definition]) =>
        definition.toLowerCase().startsWith(name),
      )
      expect(environments.length).toBeGreaterThan(0)
      for (const [, variables] of environments) {
        expect(config.safeParse(variables).error).toBeUndefined()
        const known = ['JWT_PRIVATE_KEY', 'TOKEN_SECRET', 'SMTP_URL', 'STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET']
        expect(known.filter((secret) => secret in variables)).toEqual(SECRETS[name])
        expect(variables['DATABASE_URL']).toContain(`//edtech_${name}:`)
      }
    },
  )

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
  ])('would not pass broken: %s', (name, breaking) => {
    expect(RULES[name]?.(breaking(graph))).not.toEqual([])
  })
})

describe.runIf(isRunnable)('deployments', () => {
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
