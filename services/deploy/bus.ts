import { type QueueSpec, type RuleSpec, type Topology, topologyOf } from '#bus/transports/aws/topology.ts'
import { endsOf } from '#services/kit/service.ts'
import { SERVICES } from './contracts.ts'
import { overTlsOnly, policyOf, type Statement } from './policy.ts'
import { FUNCTION_TIMEOUT_SECONDS } from './function-limits.ts'
import { replySlotsOf, type Settings } from './settings.ts'

/** The deployment's queues and rules. A function holds a batch as long as it may run, a container one message. */
export const deployedTopology = (settings: Settings): Topology =>
  topologyOf(SERVICES.map(endsOf), {
    prefix: settings.prefix,
    replySlots: replySlotsOf(settings),
    ...(settings.compute === 'functions' ? { handlerSeconds: FUNCTION_TIMEOUT_SECONDS } : {}),
  })

type Queue = InstanceType<typeof aws.sqs.Queue>

const makeQueue = ({ name, visibilitySeconds, retentionSeconds, redrive }: QueueSpec, deadLetters?: Queue): Queue =>
  new aws.sqs.Queue(name, {
    name,
    visibilityTimeoutSeconds: visibilitySeconds,
    messageRetentionSeconds: retentionSeconds,
    receiveWaitTimeSeconds: 20,
    sqsManagedSseEnabled: true,
    ...(redrive && deadLetters
      ? {
          redrivePolicy: $jsonStringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: redrive.maxReceives }),
        }
      : {}),
  })

/** A dead-letter queue takes in what one queue gives up, and nothing else of SQS. */
const takesFromAlone = (deadLetters: Queue, name: string, source: Queue): void => {
  new aws.sqs.RedriveAllowPolicy(name, {
    queueUrl: deadLetters.url,
    redriveAllowPolicy: $jsonStringify({ redrivePermission: 'byQueue', sourceQueueArns: [source.arn] }),
  })
}

const createQueues = (specs: readonly QueueSpec[]): ReadonlyMap<string, Queue> => {
  const queues = new Map<string, Queue>()
  for (const spec of specs) if (!spec.redrive) queues.set(spec.name, makeQueue(spec))
  for (const spec of specs) {
    if (!spec.redrive) continue
    const deadLetters = queues.get(spec.redrive.deadLetterQueue)
    if (!deadLetters) throw new Error(`${spec.name} has no dead-letter queue.`)
    const queue = makeQueue(spec, deadLetters)
    queues.set(spec.name, queue)
    takesFromAlone(deadLetters, spec.redrive.deadLetterQueue, queue)
  }
  return queues
}

const createRule = (
  { name, pattern, queue, deadLetterQueue }: RuleSpec,
  bus: $util.Input<string>,
  arnOf: (queue: string) => $util.Output<string>,
) => {
  const rule = new aws.cloudwatch.EventRule(name, {
    name,
    eventBusName: bus,
    eventPattern: JSON.stringify(pattern),
  })
  new aws.cloudwatch.EventTarget(name, {
    rule: rule.name,
    eventBusName: bus,
    arn: arnOf(queue),
    // The envelope alone is the body, as it is for everything that comes without the event bus.
    inputPath: '$.detail',
    deadLetterConfig: { arn: arnOf(deadLetterQueue) },
    retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
  })
  return rule
}

const createClaims = ({ prefix }: Settings) => {
  const name = `${prefix}-claims`
  const bucket = new aws.s3.Bucket(name, { bucket: name })
  new aws.s3.BucketServerSideEncryptionConfiguration(name, {
    bucket: bucket.id,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
  })
  new aws.s3.BucketPublicAccessBlock(name, {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  })
  new aws.s3.BucketLifecycleConfiguration(name, {
    bucket: bucket.id,
    // A queue and then its dead-letter queue keep a message 14 days each.
    rules: [{ id: 'forget', status: 'Enabled', filter: {}, expiration: { days: 30 } }],
  })
  new aws.s3.BucketPolicy(name, {
    bucket: bucket.id,
    policy: policyOf([overTlsOnly('s3:*', [bucket.arn, $interpolate`${bucket.arn}/*`])]),
  })
  return bucket
}

/** The event bus, every queue, every rule, and who may put what into them. */
export const createBus = (settings: Settings) => {
  const topology = deployedTopology(settings)
  const bus = new aws.cloudwatch.EventBus(topology.eventBus, { name: topology.eventBus })
  const queues = createQueues(topology.queues)
  const queueNamed = (name: string): Queue => {
    const queue = queues.get(name)
    if (!queue) throw new Error(`The topology has no queue "${name}".`)
    return queue
  }
  const arnOf = (name: string) => queueNamed(name).arn

  /** Each statement lets one rule in. */
  const fromRules = new Map<string, Statement[]>()
  for (const spec of topology.rules) {
    const rule = createRule(spec, bus.name, arnOf)
    for (const queue of [spec.queue, spec.deadLetterQueue])
      fromRules.set(queue, [
        ...(fromRules.get(queue) ?? []),
        {
          principal: { Service: 'events.amazonaws.com' },
          actions: ['sqs:SendMessage'],
          resources: [arnOf(queue)],
          conditions: { ArnEquals: { 'aws:SourceArn': rule.arn } },
        },
      ])
  }
  for (const { name } of topology.queues)
    new aws.sqs.QueuePolicy(name, {
      queueUrl: queueNamed(name).url,
      policy: policyOf([...(fromRules.get(name) ?? []), overTlsOnly('sqs:*', [arnOf(name)])]),
    })

  return { topology, bus, arnOf, claims: createClaims(settings) }
}

export type Bus = ReturnType<typeof createBus>
