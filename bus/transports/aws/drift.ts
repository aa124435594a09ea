import type { EventBridge } from '@aws-sdk/client-eventbridge'
import type { QueueAttributeName } from '@aws-sdk/client-sqs'
import { z } from 'zod'
import type { AwsClients } from './clients.ts'
import type { QueueSpec, RuleSpec, Topology } from './topology.ts'

/** One way in which what is there differs from what the contracts say. */
export interface Drift {
  readonly what: 'queue' | 'rule' | 'event bus' | 'bucket'
  readonly name: string
  readonly problem: string
}

/** What lies in a queue now, by the queue service's own, approximate count. */
export interface QueueDepth {
  readonly name: string
  readonly waiting: number
  /** Taken by a consumer and not deleted yet. */
  readonly inFlight: number
}

/** What is there, held against a topology. */
export interface TopologyInspection {
  readonly drifts: readonly Drift[]
  /** Of every queue that is there. */
  readonly depths: readonly QueueDepth[]
}

const GONE = ['QueueDoesNotExist', 'ResourceNotFoundException', 'NoSuchBucket', 'NotFound']

/** Undefined where there is no such thing. */
const unlessGone = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && GONE.includes(error.name)) return undefined
    throw error
  }
}

const nameOf = (arn: string): string => arn.split(/[:/]/).at(-1) ?? ''

/** Reads queues, rules, event bus and bucket, and changes nothing. */
export const inspectTopology = async (clients: AwsClients, topology: Topology): Promise<TopologyInspection> => {
  const others = await otherDeployments(clients, topology)
  const [queues, extraQueues, eventBus, bucket] = await Promise.all([
    Promise.all(topology.queues.map((spec) => inspectQueue(clients, spec, topology.rules))),
    findExtraQueues(clients, topology, others),
    inspectEventBus(clients, topology),
    inspectBucket(clients, topology),
  ])
  return {
    drifts: [...eventBus, ...queues.flatMap(({ drifts }) => drifts), ...extraQueues, ...bucket],
    depths: queues.flatMap(({ depth }) => (depth ? [depth] : [])),
  }
}

interface InspectedQueue {
  readonly drifts: readonly Drift[]
  readonly depth?: QueueDepth
}

const inspectQueue = async (
  clients: AwsClients,
  spec: QueueSpec,
  rules: readonly RuleSpec[],
): Promise<InspectedQueue> => {
  const { name } = spec
  const found = await unlessGone(async () => {
    const QueueUrl = await clients.queueUrl(name)
    return (await (await clients.queues()).getQueueAttributes({ QueueUrl, AttributeNames: ['All'] })).Attributes ?? {}
  })
  if (!found) return { drifts: [{ what: 'queue', name, problem: 'is missing' }] }
  const problems = [
    differs('visibility timeout', found['VisibilityTimeout'], String(spec.visibilitySeconds)),
    differs('retention', found['MessageRetentionPeriod'], String(spec.retentionSeconds)),
    differs('dead-letter queue', redriveText(found['RedrivePolicy']), specRedriveText(spec)),
    ...policyProblems(found['Policy'], rulesInto(name, rules)),
  ]
  const count = (attribute: QueueAttributeName) => Number(found[attribute] ?? 0)
  return {
    drifts: problems.flatMap((problem) => (problem === undefined ? [] : [{ what: 'queue', name, problem }])),
    depth: {
      name,
      waiting: count('ApproximateNumberOfMessages') + count('ApproximateNumberOfMessagesDelayed'),
      inFlight: count('ApproximateNumberOfMessagesNotVisible'),
    },
  }
}

const differs = (what: string, found: string | undefined, wanted: string): string | undefined =>
  found === wanted ? undefined : `${what} is ${found ?? 'not set'}, not ${wanted}`

const NO_REDRIVE = 'none'
const RedrivePolicy = z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() })

const redriveText = (policy: string | undefined): string => {
  if (policy === undefined || policy === '') return NO_REDRIVE
  const { deadLetterTargetArn, maxReceiveCount } = RedrivePolicy.parse(JSON.parse(policy))
  return `${nameOf(deadLetterTargetArn)} after ${maxReceiveCount} receives`
}

const specRedriveText = ({ redrive }: QueueSpec): string =>
  redrive ? `${redrive.deadLetterQueue} after ${redrive.maxReceives} receives` : NO_REDRIVE

/** The rules that put into a queue what they match, or what they could not deliver. */
const rulesInto = (name: string, rules: readonly RuleSpec[]): string[] =>
  rules.filter(({ queue, deadLetterQueue }) => [queue, deadLetterQueue].includes(name)).map((rule) => rule.name)

const oneOrMany = z.union([z.string(), z.array(z.string())]).transform((given) => [given].flat())
const Policy = z.object({
  Statement: z.array(
    z.object({
      Effect: z.string(),
      Principal: z.unknown(),
      Condition: z.object({ ArnEquals: z.object({ 'aws:SourceArn': oneOrMany }).optional() }).optional(),
    }),
  ),
})
const FromEvents = z.object({ Service: z.literal('events.amazonaws.com') })

const policyProblems = (policy: string | undefined, wanted: readonly string[]): string[] => {
  const statements = policy === undefined || policy === '' ? [] : Policy.parse(JSON.parse(policy)).Statement
  const allowing = statements.filter(({ Effect }) => Effect === 'Allow')
  const allowed = allowing.flatMap(({ Condition }) => (Condition?.ArnEquals?.['aws:SourceArn'] ?? []).map(nameOf))
  const open = allowing.some(
    ({ Principal, Condition }) => !FromEvents.safeParse(Principal).success || Condition?.ArnEquals === undefined,
  )
  return [
    ...wanted.filter((rule) => !allowed.includes(rule)).map((rule) => `its policy does not let the rule ${rule} in`),
    ...allowed.filter((rule) => !wanted.includes(rule)).map((rule) => `its policy lets the rule ${rule} in`),
    ...(open ? ['its policy lets others in than the rules that feed it'] : []),
  ]
}

/** Names of other deployments that begin as this one's do: each has an event bus of its name. */
const otherDeployments = async (clients: AwsClients, { eventBus }: Topology): Promise<readonly string[]> => {
  const events = await clients.events()
  const names: string[] = []
  let NextToken: string | undefined
  do {
    const page = await events.listEventBuses({ NamePrefix: `${eventBus}-`, ...(NextToken && { NextToken }) })
    names.push(...(page.EventBuses ?? []).flatMap(({ Name }) => (Name === undefined ? [] : [Name])))
    NextToken = page.NextToken
  } while (NextToken)
  return names
}

const findExtraQueues = async (
  clients: AwsClients,
  { eventBus, queues }: Topology,
  others: readonly string[],
): Promise<Drift[]> => {
  const sqs = await clients.queues()
  const known = new Set(queues.map(({ name }) => name))
  const found: string[] = []
  let NextToken: string | undefined
  do {
    const page = await sqs.listQueues({
      QueueNamePrefix: `${eventBus}-`,
      MaxResults: 1_000,
      ...(NextToken && { NextToken }),
    })
    found.push(...(page.QueueUrls ?? []).map(nameOf))
    NextToken = page.NextToken
  } while (NextToken)
  return found
    .filter((name) => !known.has(name) && !others.some((other) => name.startsWith(`${other}-`)))
    .map((name) => ({ what: 'queue', name, problem: 'is in no contract' }))
}

const inspectEventBus = async (clients: AwsClients, { eventBus, rules }: Topology): Promise<Drift[]> => {
  const events = await clients.events()
  const found = await unlessGone(() => events.describeEventBus({ Name: eventBus }))
  if (!found) return [{ what: 'event bus', name: eventBus, problem: 'is missing' }]
  const there = await listRules(events, eventBus)
  const named = new Set(rules.map(({ name }) => name))
  const drifts = await Promise.all(
    rules.map(async (rule) =>
      (await ruleProblems(events, eventBus, rule, there.get(rule.name))).map(
        (problem): Drift => ({ what: 'rule', name: rule.name, problem }),
      ),
    ),
  )
  const extra = [...there.keys()].filter((name) => !named.has(name))
  return [...drifts.flat(), ...extra.map((name): Drift => ({ what: 'rule', name, problem: 'is in no contract' }))]
}

interface FoundRule {
  readonly pattern: string
  readonly enabled: boolean
}

const listRules = async (events: EventBridge, eventBus: string): Promise<Map<string, FoundRule>> => {
  const rules = new Map<string, FoundRule>()
  let NextToken: string | undefined
  do {
    const page = await events.listRules({ EventBusName: eventBus, ...(NextToken && { NextToken }) })
    // Those that AWS itself keeps, for an archive for example, are nobody's contract.
    for (const { Name = '', EventPattern = '{}', State, ManagedBy } of page.Rules ?? [])
      if (ManagedBy === undefined || ManagedBy === '')
        rules.set(Name, { pattern: EventPattern, enabled: State !== 'DISABLED' })
    NextToken = page.NextToken
  } while (NextToken)
  return rules
}

const Pattern = z.record(z.string(), z.unknown())
/** The same text for patterns that match the same. */
const sortedPattern = (pattern: z.infer<typeof Pattern>): string =>
  Object.entries(pattern)
    .map(
      ([field, values]) =>
        `${field} ${[values]
          .flat()
          .map((value) => JSON.stringify(value))
          .toSorted()
          .join()}`,
    )
    .toSorted()
    .join(' ')

const ruleProblems = async (
  events: EventBridge,
  eventBus: string,
  { name, pattern, queue, deadLetterQueue }: RuleSpec,
  found: FoundRule | undefined,
): Promise<string[]> => {
  if (!found) return ['is missing']
  const { Targets = [] } = await events.listTargetsByRule({ Rule: name, EventBusName: eventBus })
  const target = Targets.find(({ Arn = '' }) => nameOf(Arn) === queue)
  const problems = [
    found.enabled ? undefined : 'is disabled',
    sortedPattern(Pattern.parse(JSON.parse(found.pattern))) === sortedPattern(pattern)
      ? undefined
      : `matches ${found.pattern}, not ${JSON.stringify(pattern)}`,
    ...Targets.filter((other) => other !== target).map(({ Arn = '' }) => `also feeds ${nameOf(Arn)}`),
    ...(target
      ? [
          differs('input path', target.InputPath, '$.detail'),
          differs('dead-letter queue', nameOf(target.DeadLetterConfig?.Arn ?? '') || undefined, deadLetterQueue),
        ]
      : [`does not feed ${queue}`]),
  ]
  return problems.filter((problem) => problem !== undefined)
}

const inspectBucket = async (clients: AwsClients, { claimsBucket }: Topology): Promise<Drift[]> => {
  const objects = await clients.objects()
  const found = await unlessGone(() => objects.headBucket({ Bucket: claimsBucket }))
  return found ? [] : [{ what: 'bucket', name: claimsBucket, problem: 'is missing' }]
}
