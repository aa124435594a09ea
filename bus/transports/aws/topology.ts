import { SOURCE_PREFIX } from '../../envelope.ts'
import { ALL_PATTERNS } from '../../patterns/directory.ts'
import type { ServicePatterns } from '../../patterns/patterns.ts'

/** A service as far as its queues go; composition roots read it off the service definition. */
export interface ServiceEnds {
  readonly service: string
  /** Event types that it subscribes to, its sagas' included. */
  readonly subscriptions: readonly string[]
}

export type QueuePurpose = 'events' | 'commands' | 'requests' | 'replies' | 'dead letters'

/** One SQS queue. */
export interface QueueSpec {
  readonly name: string
  readonly service: string
  readonly purpose: QueuePurpose
  /** How long a received message stays hidden from other consumers unless its consumer extends it. */
  readonly visibilitySeconds: number
  readonly retentionSeconds: number
  /** Where SQS itself puts what was received too often without being deleted; absent for dead-letter queues. */
  readonly redrive?: { readonly deadLetterQueue: string; readonly maxReceives: number }
}

/** One EventBridge rule: the events of one publisher that one service subscribes to. */
export interface RuleSpec {
  readonly name: string
  readonly pattern: { readonly source: readonly [string]; readonly 'detail-type': readonly string[] }
  /** The queue that it feeds. */
  readonly queue: string
  /** Where EventBridge puts what it could not deliver. */
  readonly deadLetterQueue: string
}

/** Everything that a deployment has to make before the first process starts; no process makes any of it. */
export interface Topology {
  readonly eventBus: string
  /** Where bodies wait that are too large for a queue. */
  readonly claimsBucket: string
  readonly queues: readonly QueueSpec[]
  readonly rules: readonly RuleSpec[]
}

export interface TopologyOptions {
  /** Begins every name, so that deployments can share an account, e.g. `edtech-production`. */
  readonly prefix: string
  /** How long a consumer may take for one message, in seconds; a message stays hidden six times as long. 5 when not given. */
  readonly handlerSeconds?: number
  /** Reply queues of each service: so many of its instances can wait for replies at once. 8 when not given. */
  readonly replySlots?: number
  readonly patterns?: readonly ServicePatterns[]
}

/**
 * Deliveries of a message before its consumer writes a dead letter. SQS moves it a few receives later, which only
 * happens when consumers keep dying of it.
 */
export const MAX_ATTEMPTS = 12
const MAX_RECEIVES = MAX_ATTEMPTS + 3

const DAY_SECONDS = 24 * 60 * 60
/** Under the 30 days of the inboxes, so that nothing comes back after it was forgotten. */
const KEEP_SECONDS = 14 * DAY_SECONDS
/** A request or reply that nobody took in this time has nobody waiting for it. */
const STALE_SECONDS = 60
/** EventBridge takes no longer patterns. */
const MAX_PATTERN_LENGTH = 2_048

/** The names of a deployment's queues, which senders and consumers derive alike. */
export const queueNames = (prefix: string) => ({
  events: (service: string) => `${prefix}-${service}-evt`,
  commands: (service: string) => `${prefix}-${service}-cmd`,
  requests: (service: string) => `${prefix}-${service}-rpc`,
  replies: (service: string, slot: number) => `${prefix}-${service}-reply-${slot}`,
  deadLetters: (queue: string) => `${queue}-dlq`,
})

/** The bucket of claims, next to `queueNames`. */
export const claimsBucketName = (prefix: string): string => `${prefix}-claims`

/** Derives queues and rules from what the services publish, answer and subscribe to. Throws for an event that nobody publishes. */
export const topologyOf = (services: readonly ServiceEnds[], options: TopologyOptions): Topology => {
  const { prefix, handlerSeconds = 5, replySlots = 8, patterns = ALL_PATTERNS } = options
  return {
    eventBus: prefix,
    claimsBucket: claimsBucketName(prefix),
    queues: services.flatMap(({ service }) =>
      queuesOf(service, { prefix, visibilitySeconds: 6 * handlerSeconds, replySlots, patterns }),
    ),
    rules: services.flatMap((ends) => rulesOf(ends, prefix, patterns)),
  }
}

interface QueueOptions {
  readonly prefix: string
  readonly visibilitySeconds: number
  readonly replySlots: number
  readonly patterns: readonly ServicePatterns[]
}

const queuesOf = (service: string, { prefix, visibilitySeconds, replySlots, patterns }: QueueOptions): QueueSpec[] => {
  const names = queueNames(prefix)
  const answered = patterns.find((listed) => listed.service === service)?.messages ?? []
  const longestMs = Math.max(0, ...answered.map(({ deadlineMs }) => deadlineMs))
  const withDeadLetters = (queue: Omit<QueueSpec, 'service' | 'redrive'>, maxReceives: number): QueueSpec[] => {
    const deadLetterQueue = names.deadLetters(queue.name)
    return [
      { service, ...queue, redrive: { deadLetterQueue, maxReceives } },
      {
        service,
        name: deadLetterQueue,
        purpose: 'dead letters',
        visibilitySeconds: 30,
        retentionSeconds: KEEP_SECONDS,
      },
    ]
  }
  const durable = { visibilitySeconds, retentionSeconds: KEEP_SECONDS }
  const fleeting = { visibilitySeconds: Math.ceil(longestMs / 1000) + 5, retentionSeconds: STALE_SECONDS }
  return [
    ...withDeadLetters({ name: names.events(service), purpose: 'events', ...durable }, MAX_RECEIVES),
    ...withDeadLetters({ name: names.commands(service), purpose: 'commands', ...durable }, MAX_RECEIVES),
    ...withDeadLetters({ name: names.requests(service), purpose: 'requests', ...fleeting }, 2),
    ...Array.from({ length: replySlots }, (_, slot) =>
      withDeadLetters({ name: names.replies(service, slot), purpose: 'replies', ...fleeting }, 2),
    ).flat(),
  ]
}

const rulesOf = (
  { service, subscriptions }: ServiceEnds,
  prefix: string,
  patterns: readonly ServicePatterns[],
): RuleSpec[] => {
  const names = queueNames(prefix)
  const queue = names.events(service)
  const types = new Set(subscriptions)
  for (const { events } of patterns) for (const { type } of events) types.delete(type)
  const [unknown] = types
  if (unknown !== undefined)
    throw new TypeError(`${service} subscribes to "${unknown}", which no service publishes. help: see bus/patterns/.`)
  return patterns.flatMap((publisher) => {
    const wanted = publisher.events.map(({ type }) => type).filter((type) => subscriptions.includes(type))
    return portions(publisher.service, wanted).map((pattern, at) => ({
      name: `${prefix}-${service}-from-${publisher.service}${at === 0 ? '' : `-${at + 1}`}`,
      pattern,
      queue,
      deadLetterQueue: names.deadLetters(queue),
    }))
  })
}

/** Patterns of one publisher, each short enough. */
const portions = (publisher: string, types: readonly string[]): RuleSpec['pattern'][] => {
  const patterns: RuleSpec['pattern'][] = []
  let open: string[] = []
  const patternOf = (detailTypes: readonly string[]): RuleSpec['pattern'] => ({
    source: [`${SOURCE_PREFIX}${publisher}`],
    'detail-type': detailTypes,
  })
  for (const type of types) {
    if (JSON.stringify(patternOf([...open, type])).length > MAX_PATTERN_LENGTH) {
      patterns.push(patternOf(open))
      open = []
    }
    open.push(type)
  }
  return open.length === 0 ? patterns : [...patterns, patternOf(open)]
}
