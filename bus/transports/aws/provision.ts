import type { EventBridge } from '@aws-sdk/client-eventbridge'
import type { SQS } from '@aws-sdk/client-sqs'
import type { AwsClients } from './clients.ts'
import type { QueueSpec, RuleSpec, Topology } from './topology.ts'

/** A queue is the one target of each rule that feeds it. */
const TARGET_ID = 'queue'
/** Claims outlive the fourteen days that queues and their dead-letter queues keep a message. */
const KEEP_CLAIMS_DAYS = 30

const ignoring = async (names: readonly string[], work: () => Promise<unknown>): Promise<void> => {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Error && names.includes(error.name))) throw error
  }
}

/**
 * Makes what a topology names, for the local stack and tests; a deployment makes the same in production. Made again, it
 * changes only what differs.
 */
export const provision = async (
  clients: AwsClients,
  { eventBus, claimsBucket, queues, rules }: Topology,
): Promise<void> => {
  const [sqs, events] = await Promise.all([clients.queues(), clients.events()])
  // Dead-letter queues first: the others name them.
  const dead = queues.filter(({ redrive }) => redrive === undefined)
  const arns = new Map<string, string>()
  for (const specs of [dead, queues.filter((queue) => !dead.includes(queue))])
    await Promise.all(specs.map(async (spec) => arns.set(spec.name, await makeQueue(sqs, spec, arns))))
  await ignoring(['ResourceAlreadyExistsException'], () => events.createEventBus({ Name: eventBus }))
  const ruleArns = await Promise.all(rules.map((rule) => makeRule(events, eventBus, rule, arns)))
  await allowRules(clients, rules, ruleArns, arns)
  await makeBucket(clients, claimsBucket)
}

const arnOf = (arns: ReadonlyMap<string, string>, queue: string): string => {
  const arn = arns.get(queue)
  if (arn === undefined) throw new Error(`The topology names the queue "${queue}" and does not have it.`)
  return arn
}

const makeQueue = async (sqs: SQS, spec: QueueSpec, arns: ReadonlyMap<string, string>): Promise<string> => {
  const { name, visibilitySeconds, retentionSeconds, redrive } = spec
  const { QueueUrl } = await sqs.getQueueUrl({ QueueName: name }).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'QueueDoesNotExist') return sqs.createQueue({ QueueName: name })
    throw error
  })
  await sqs.setQueueAttributes({
    QueueUrl,
    Attributes: {
      VisibilityTimeout: String(visibilitySeconds),
      MessageRetentionPeriod: String(retentionSeconds),
      SqsManagedSseEnabled: 'true',
      ...(redrive && {
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: arnOf(arns, redrive.deadLetterQueue),
          maxReceiveCount: redrive.maxReceives,
        }),
      }),
    },
  })
  const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] })
  const arn = Attributes?.QueueArn
  if (arn === undefined) throw new Error(`No ARN was answered for the queue "${name}".`)
  return arn
}

const makeRule = async (
  events: EventBridge,
  eventBus: string,
  { name, pattern, queue, deadLetterQueue }: RuleSpec,
  arns: ReadonlyMap<string, string>,
): Promise<string> => {
  const { RuleArn } = await events.putRule({
    Name: name,
    EventBusName: eventBus,
    EventPattern: JSON.stringify(pattern),
  })
  if (RuleArn === undefined) throw new Error(`No ARN was answered for the rule "${name}".`)
  const { FailedEntries = [] } = await events.putTargets({
    Rule: name,
    EventBusName: eventBus,
    Targets: [
      {
        Id: TARGET_ID,
        Arn: arnOf(arns, queue),
        // The queue gets the envelope itself, as it does from those who send to it directly.
        InputPath: '$.detail',
        DeadLetterConfig: { Arn: arnOf(arns, deadLetterQueue) },
      },
    ],
  })
  const [failure] = FailedEntries
  if (failure) throw new Error(`The rule "${name}" does not take its target: ${failure.ErrorMessage}`)
  return RuleArn
}

/** Lets exactly the rules that feed a queue, or put into its dead-letter queue what they could not deliver, do so. */
const allowRules = async (
  clients: AwsClients,
  rules: readonly RuleSpec[],
  ruleArns: readonly string[],
  arns: ReadonlyMap<string, string>,
): Promise<void> => {
  const sqs = await clients.queues()
  const senders = rules.flatMap(({ queue, deadLetterQueue }, at) =>
    [queue, deadLetterQueue].map((target) => ({ target, rule: ruleArns[at] ?? '' })),
  )
  const allow = async (queue: string, allowed: readonly string[]): Promise<void> => {
    const policy = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: arnOf(arns, queue),
          Condition: { ArnEquals: { 'aws:SourceArn': allowed } },
        },
      ],
    }
    const QueueUrl = await clients.queueUrl(queue)
    await sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy: JSON.stringify(policy) } })
  }
  const byQueue = Map.groupBy(senders, ({ target }) => target)
  await Promise.all(
    [...byQueue].map(([queue, entries]) =>
      allow(
        queue,
        entries.map(({ rule }) => rule),
      ),
    ),
  )
}

const makeBucket = async (clients: AwsClients, bucket: string): Promise<void> => {
  const s3 = await clients.objects()
  await ignoring(['BucketAlreadyOwnedByYou'], () => s3.createBucket({ Bucket: bucket }))
  await s3.putPublicAccessBlock({
    Bucket: bucket,
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  })
  await s3.putBucketLifecycleConfiguration({
    Bucket: bucket,
    LifecycleConfiguration: {
      Rules: [{ ID: 'expire', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: KEEP_CLAIMS_DAYS } }],
    },
  })
}

/** Removes what `provision` made, messages and claims included; what is gone already is fine. */
export const removeProvisioned = async (clients: AwsClients, topology: Topology): Promise<void> => {
  const { eventBus, claimsBucket, queues, rules } = topology
  const [sqs, events] = await Promise.all([clients.queues(), clients.events()])
  const gone = ['ResourceNotFoundException', 'QueueDoesNotExist', 'NoSuchBucket']
  await Promise.all(
    rules.map(({ name }) =>
      ignoring(gone, async () => {
        await events.removeTargets({ Rule: name, EventBusName: eventBus, Ids: [TARGET_ID] })
        await events.deleteRule({ Name: name, EventBusName: eventBus })
      }),
    ),
  )
  await ignoring(gone, () => events.deleteEventBus({ Name: eventBus }))
  await Promise.all(
    queues.map(({ name }) => ignoring(gone, async () => sqs.deleteQueue({ QueueUrl: await clients.queueUrl(name) }))),
  )
  await ignoring(gone, () => removeBucket(clients, claimsBucket))
}

const removeBucket = async (clients: AwsClients, bucket: string): Promise<void> => {
  const s3 = await clients.objects()
  for (;;) {
    const { Contents = [] } = await s3.listObjectsV2({ Bucket: bucket })
    if (Contents.length === 0) break
    await Promise.all(Contents.map(({ Key }) => s3.deleteObject({ Bucket: bucket, Key })))
  }
  await s3.deleteBucket({ Bucket: bucket })
}
