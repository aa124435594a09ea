import { z } from 'zod'
import type { Graph, RecordedResource } from './graph.ts'

/** What a rule finds wrong with a deployment, a line each; none where it holds. */
export type Rule = (graph: Graph) => string[]

export const resourcesOf = (graph: Graph, type: string): readonly RecordedResource[] =>
  graph.filter((resource) => resource.type === type)

const Queue = z.object({
  name: z.string(),
  visibilityTimeoutSeconds: z.number(),
  redrivePolicy: z.string().optional(),
  sqsManagedSseEnabled: z.boolean().optional(),
})
export const queuesOf = (graph: Graph) =>
  resourcesOf(graph, 'aws:sqs/queue:Queue').map(({ inputs }) => Queue.parse(inputs))

const isDeadLetterQueue = ({ name }: { readonly name: string }): boolean => name.endsWith('-dlq')

const Texts = z.union([z.string().transform((text) => [text]), z.array(z.string())])
const Policy = z.object({
  Statement: z.array(
    z.object({
      Effect: z.enum(['Allow', 'Deny']),
      Principal: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
      Action: Texts,
      Resource: Texts,
      Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
    }),
  ),
})
type PolicyStatement = z.infer<typeof Policy>['Statement'][number]

const POLICY_TYPES = [
  'aws:iam/rolePolicy:RolePolicy',
  'aws:sqs/queuePolicy:QueuePolicy',
  'aws:s3/bucketPolicy:BucketPolicy',
]

const statementsOf = ({ inputs }: RecordedResource): PolicyStatement[] =>
  Policy.parse(JSON.parse(z.string().parse(inputs['policy']))).Statement

/** What a role of the deployment's own may do. */
export const rightsOf = (graph: Graph, role: string): PolicyStatement[] =>
  resourcesOf(graph, 'aws:iam/rolePolicy:RolePolicy')
    .filter(({ inputs }) => inputs['role'] === role)
    .flatMap(statementsOf)

/** The last part of an ARN: the name of a queue or a rule. */
export const nameIn = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1)

export const everyQueueHasDeadLetters: Rule = (graph) => {
  const queues = queuesOf(graph)
  const names = new Set(queues.filter(isDeadLetterQueue).map(({ name }) => name))
  const Redrive = z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() })
  return queues
    .filter((queue) => !isDeadLetterQueue(queue))
    .filter(({ name, redrivePolicy }) => {
      if (redrivePolicy === undefined) return true
      const { deadLetterTargetArn } = Redrive.parse(JSON.parse(redrivePolicy))
      return nameIn(deadLetterTargetArn) !== `${name}-dlq` || !names.has(`${name}-dlq`)
    })
    .map(({ name }) => `${name} has no dead-letter queue of its own.`)
}

const Target = z.object({
  rule: z.string(),
  arn: z.string(),
  inputPath: z.string().optional(),
  deadLetterConfig: z.object({ arn: z.string() }).optional(),
})

export const everyTargetHasDeadLetters: Rule = (graph) => {
  const names = new Set(queuesOf(graph).map(({ name }) => name))
  return resourcesOf(graph, 'aws:cloudwatch/eventTarget:EventTarget')
    .map(({ inputs }) => Target.parse(inputs))
    .filter(({ deadLetterConfig }) => !deadLetterConfig || !names.has(nameIn(deadLetterConfig.arn)))
    .map(({ rule }) => `The target of ${rule} has no dead-letter queue.`)
}

export const everyRuleFeedsAQueueThatLetsItIn: Rule = (graph) => {
  const targets = resourcesOf(graph, 'aws:cloudwatch/eventTarget:EventTarget').map(({ inputs }) => Target.parse(inputs))
  const admitted = new Set(
    resourcesOf(graph, 'aws:sqs/queuePolicy:QueuePolicy')
      .flatMap(statementsOf)
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Resource, Condition }) =>
        Resource.map((arn) => `${nameIn(arn)} from ${nameIn(String(Condition?.['ArnEquals']?.['aws:SourceArn']))}`),
      ),
  )
  return resourcesOf(graph, 'aws:cloudwatch/eventRule:EventRule').flatMap(({ name }) => {
    const target = targets.find(({ rule }) => rule === name)
    if (!target) return [`${name} has no target.`]
    return [target.arn, target.deadLetterConfig?.arn ?? '']
      .filter((arn) => !admitted.has(`${nameIn(arn)} from ${name}`))
      .map((arn) => `${nameIn(arn)} does not let ${name} in.`)
  })
}

export const functionsHaveTimeForSixTries: Rule = (graph) => {
  const Fn = z.object({ name: z.string(), timeout: z.number() })
  const timeouts = new Map(
    resourcesOf(graph, 'aws:lambda/function:Function').map(({ inputs }) => {
      const { name, timeout } = Fn.parse(inputs)
      return [name, timeout]
    }),
  )
  const visibilities = new Map(queuesOf(graph).map((queue) => [queue.name, queue.visibilityTimeoutSeconds]))
  const Mapping = z.object({
    eventSourceArn: z.string(),
    functionName: z.string(),
    functionResponseTypes: z.array(z.string()).default([]),
  })
  return resourcesOf(graph, 'aws:lambda/eventSourceMapping:EventSourceMapping').flatMap(({ inputs }) => {
    const { eventSourceArn, functionName, functionResponseTypes } = Mapping.parse(inputs)
    const queue = nameIn(eventSourceArn)
    const visibility = visibilities.get(queue) ?? 0
    const timeout = timeouts.get(nameIn(functionName)) ?? Number.POSITIVE_INFINITY
    return [
      ...(visibility >= 6 * timeout
        ? []
        : [`${queue} hides a message ${visibility} s, its function may run ${timeout} s.`]),
      ...(functionResponseTypes.includes('ReportBatchItemFailures') ? [] : [`${queue} fails whole batches.`]),
    ]
  })
}

export const policiesAreClosed: Rule = (graph) =>
  graph
    .filter(({ type }) => POLICY_TYPES.includes(type))
    .flatMap((resource) =>
      statementsOf(resource)
        .filter(({ Effect }) => Effect === 'Allow')
        .flatMap(({ Principal, Action, Resource, Condition }) => {
          const wide = [...Action.filter((action) => action.includes('*')), ...Resource.filter((arn) => arn === '*')]
          const source = Condition?.['ArnEquals']?.['aws:SourceArn']
          const open = Principal !== undefined && (typeof source !== 'string' || source.includes('*'))
          return [
            ...wide.map((text) => `${resource.name} allows "${text}".`),
            ...(Principal === '*' ? [`${resource.name} lets anybody in.`] : []),
            ...(open ? [`${resource.name} does not name its one source.`] : []),
          ]
        }),
    )

/** The policies of AWS that roles may have: they hold what has no resource of its own, such as a network interface. */
const MANAGED_POLICIES = ['AWSLambdaVPCAccessExecutionRole', 'AmazonECSTaskExecutionRolePolicy']

export const rolesHaveNoOtherPolicies: Rule = (graph) => {
  const Role = z.object({ managedPolicyArns: z.array(z.string()).default([]), inlinePolicies: z.unknown().optional() })
  return resourcesOf(graph, 'aws:iam/role:Role').flatMap(({ name, inputs }) => {
    const { managedPolicyArns, inlinePolicies } = Role.parse(inputs)
    const wide = JSON.stringify(inlinePolicies ?? []).includes('"*"') ? [`${name} allows "*".`] : []
    return [
      ...wide,
      ...managedPolicyArns
        .filter((arn) => !MANAGED_POLICIES.some((policy) => arn === `arn:aws:iam::aws:policy/service-role/${policy}`))
        .map((arn) => `${name} has ${arn}.`),
    ]
  })
}

/** What a resource needs to count as encrypted. */
const ENCRYPTED: Readonly<Record<string, (inputs: RecordedResource['inputs'], graph: Graph) => boolean>> = {
  'aws:sqs/queue:Queue': ({ sqsManagedSseEnabled }) => sqsManagedSseEnabled === true,
  'aws:rds/instance:Instance': ({ storageEncrypted }) => storageEncrypted === true,
  'aws:rds/parameterGroup:ParameterGroup': ({ parameters }) =>
    JSON.stringify(parameters).includes('{"name":"rds.force_ssl","value":"1"}'),
  'aws:s3/bucket:Bucket': ({ bucket }, graph) =>
    resourcesOf(graph, 'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration').some(
      ({ inputs }) => inputs['bucket'] === `${bucket}-id`,
    ),
  'aws:sns/topic:Topic': ({ kmsMasterKeyId }) => typeof kmsMasterKeyId === 'string',
  'aws:ssm/parameter:Parameter': ({ type }) => type === 'SecureString',
  'upstash:index/redisDatabase:RedisDatabase': ({ tls }) => tls === true,
}

export const everythingIsEncrypted: Rule = (graph) =>
  graph
    .filter(({ type, inputs }) => ENCRYPTED[type]?.(inputs, graph) === false)
    .map(({ type, name }) => `${name} (${type}) is not encrypted.`)

export const everyQueueHasItsAlarm: Rule = (graph) => {
  const Alarm = z.object({
    metricName: z.string(),
    dimensions: z.record(z.string(), z.string()),
    alarmActions: z.array(z.string()).min(1),
  })
  const watched = new Set(
    resourcesOf(graph, 'aws:cloudwatch/metricAlarm:MetricAlarm')
      .map(({ inputs }) => Alarm.parse(inputs))
      .map(({ metricName, dimensions }) => `${metricName} of ${dimensions['QueueName']}`),
  )
  return queuesOf(graph)
    .map((queue) =>
      isDeadLetterQueue(queue)
        ? `ApproximateNumberOfMessagesVisible of ${queue.name}`
        : `ApproximateAgeOfOldestMessage of ${queue.name}`,
    )
    .filter((alarm) => !watched.has(alarm))
    .map((alarm) => `Nobody is told of the ${alarm}.`)
}

export const nothingHasAPublicAddress: Rule = (graph) => {
  const Network = z.object({ networkConfiguration: z.object({ assignPublicIp: z.boolean() }) })
  const containers = resourcesOf(graph, 'aws:ecs/service:Service').filter(
    ({ inputs }) => Network.parse(inputs).networkConfiguration.assignPublicIp,
  )
  const databases = resourcesOf(graph, 'aws:rds/instance:Instance').filter(({ inputs }) => inputs['publiclyAccessible'])
  const Fn = z.object({ vpcConfig: z.object({ subnetIds: z.array(z.string()) }).optional() })
  const functions = resourcesOf(graph, 'aws:lambda/function:Function').filter(
    ({ inputs }) => !Fn.parse(inputs).vpcConfig?.subnetIds.length,
  )
  return [...containers, ...databases, ...functions].map(({ name }) => `${name} is outside of the network.`)
}

const Containers = z.array(
  z.object({
    environment: z.array(z.object({ name: z.string(), value: z.string() })),
    secrets: z.array(z.object({ name: z.string(), valueFrom: z.string() })).default([]),
  }),
)

const withinJson = (text: string): string => JSON.stringify(text).slice(1, -1)

/** Who may read a definition does not thereby read a secret. */
export const secretsAreReferredTo: Rule = (graph) => {
  const secrets = resourcesOf(graph, 'aws:ssm/parameter:Parameter').map(({ inputs }) => String(inputs['value']))
  return resourcesOf(graph, 'aws:ecs/taskDefinition:TaskDefinition')
    .filter(({ inputs }) =>
      Containers.parse(JSON.parse(String(inputs['containerDefinitions'])))
        .flatMap(({ environment }) => environment)
        .some(({ value }) => secrets.some((secret) => value.includes(secret) || value.includes(withinJson(secret)))),
    )
    .map(({ name }) => `${name} shows a secret.`)
}

/** What each container or function finds in its environment, by the name of its definition. */
export const environmentsOf = (graph: Graph): ReadonlyMap<string, Readonly<Record<string, string>>> => {
  const parameters = new Map(
    resourcesOf(graph, 'aws:ssm/parameter:Parameter').map(({ inputs }) => [
      String(inputs['name']),
      String(inputs['value']),
    ]),
  )
  const containers = resourcesOf(graph, 'aws:ecs/taskDefinition:TaskDefinition').map(({ name, inputs }) => {
    const [container] = Containers.parse(JSON.parse(String(inputs['containerDefinitions'])))
    return [
      name,
      Object.fromEntries([
        ...(container?.environment ?? []).map((plain) => [plain.name, plain.value]),
        ...(container?.secrets ?? []).map((secret) => [secret.name, parameters.get(nameIn(secret.valueFrom))]),
      ]),
    ] as const
  })
  const Fn = z.object({ environment: z.object({ variables: z.record(z.string(), z.string()) }) })
  const functions = resourcesOf(graph, 'aws:lambda/function:Function').map(
    ({ name, inputs }) => [name, Fn.parse(inputs).environment.variables] as const,
  )
  return new Map([...containers, ...functions])
}

/** Lambda takes no more, names included. */
const MOST_ENVIRONMENT_BYTES = 4_096

export const environmentsFit: Rule = (graph) => {
  const functions = new Set(resourcesOf(graph, 'aws:lambda/function:Function').map(({ name }) => name))
  return [...environmentsOf(graph)]
    .filter(([name]) => functions.has(name))
    .map(([name, variables]) => ({ name, bytes: Buffer.byteLength(Object.entries(variables).flat().join('')) }))
    .filter(({ bytes }) => bytes > MOST_ENVIRONMENT_BYTES)
    .map(({ name, bytes }) => `${name} has an environment of ${bytes} bytes.`)
}

/** Every rule that holds for every deployment. */
const Throttled = z.object({
  defaultRouteSettings: z.object({
    throttlingRateLimit: z.number().positive(),
    throttlingBurstLimit: z.number().positive(),
  }),
})

export const everyApiIsThrottled: Rule = (graph) =>
  resourcesOf(graph, 'aws:apigatewayv2/stage:Stage')
    .filter(({ inputs }) => !Throttled.safeParse(inputs).success)
    .map(({ name }) => `The stage of ${name} takes as much as anybody sends.`)

export const RULES: Readonly<Record<string, Rule>> = {
  'every queue has a dead-letter queue of its own': everyQueueHasDeadLetters,
  'every target of a rule has a dead-letter queue': everyTargetHasDeadLetters,
  'every rule feeds a queue that lets it in': everyRuleFeedsAQueueThatLetsItIn,
  'a message stays hidden for six runs of its function': functionsHaveTimeForSixTries,
  'a policy names one source and no *': policiesAreClosed,
  'a role has no wider policy beside its own': rolesHaveNoOtherPolicies,
  'everything is encrypted': everythingIsEncrypted,
  'nothing but the API and the edge has a public address': nothingHasAPublicAddress,
  'every queue has its alarm': everyQueueHasItsAlarm,
  'every API is throttled': everyApiIsThrottled,
  'the environment of a function fits': environmentsFit,
  'no definition shows a secret': secretsAreReferredTo,
}
