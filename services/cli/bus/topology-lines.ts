import type { QueueSpec, Topology } from '#bus/transports/aws/topology.ts'
import { duration } from './duration.ts'
import { tableLines } from './table.ts'

/** Queues and rules for a terminal. A dead-letter queue stands beside the queue it belongs to. */
export function topologyLines({ eventBus, claimsBucket, queues, rules }: Topology): string[] {
  const [queueRows, dead] = [queues.filter(({ redrive }) => redrive).flatMap(queueRow), queues.find(isDead)]
  const ruleRows = rules.map(({ name, pattern, queue }) => [
    name,
    pattern.source[0],
    queue,
    pattern['detail-type'].join(', '),
  ])
  return [
    `Event bus ${eventBus}; bucket ${claimsBucket} for bodies that are too large for a queue.`,
    '',
    ...tableLines([['QUEUE', 'PURPOSE', 'VISIBILITY', 'RETENTION', 'DEAD-LETTER QUEUE'], ...queueRows]),
    '',
    ...(dead ? [`Dead-letter queues keep a message for ${duration(dead.retentionSeconds * 1_000)}.`, ''] : []),
    ...tableLines([['RULE', 'SOURCE', 'QUEUE', 'TYPES'], ...ruleRows]),
  ]
}

const isDead = ({ purpose }: QueueSpec): boolean => purpose === 'dead letters'

/** Reply slots differ in their number only: the first of a service speaks for all. */
function queueRow(spec: QueueSpec, _at: number, all: readonly QueueSpec[]): string[][] {
  const { name, purpose, visibilitySeconds, retentionSeconds, redrive } = spec
  const slots =
    purpose === 'replies' ? all.filter((other) => other.purpose === purpose && isSameService(other, spec)) : []
  if (slots.length > 0 && slots[0] !== spec) return []
  const range = slots.length > 1 ? `..${slots.length - 1}` : ''
  return [
    [
      `${name}${range}`,
      purpose,
      duration(visibilitySeconds * 1_000),
      duration(retentionSeconds * 1_000),
      redrive ? `${redrive.deadLetterQueue} after ${redrive.maxReceives} receives` : '',
    ],
  ]
}

const isSameService = (a: QueueSpec, b: QueueSpec): boolean => a.service === b.service
