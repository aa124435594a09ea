import type { MessageDefinition } from '#domain/kernel/message.ts'
import type { SagaDefinition } from '#domain/kernel/saga.ts'
import { destinationOf } from '../patterns/directory.ts'

type Lines = readonly string[]

const indented = (lines: Lines): Lines => lines.map((line) => `  ${line}`)

/** A node; Mermaid ids take word characters only, labels in quotes nearly anything. */
const node = (id: string, [open, close]: readonly [string, string], ...label: string[]): string =>
  `${id.replaceAll(/\W/g, '_')}${open}"${label.join('<br/>').replaceAll('"', '#quot;')}"${close}`

const BOX = ['[', ']'] as const
const PIVOT = ['[[', ']]'] as const
const FLAG = ['>', ']'] as const
const HEXAGON = ['{{', '}}'] as const
const ROUND = ['([', '])'] as const

const request = (message: MessageDefinition): string => `${message.type} to ${destinationOf(message)}`

const steps = ({ replies, pivot }: SagaDefinition): Lines =>
  replies.map(({ step, message }) =>
    step === pivot
      ? node(`step_${step}`, PIVOT, `${step} (pivot)`, request(message))
      : node(`step_${step}`, BOX, step, request(message)),
  )

/** The message of a compensation is known only with a state, so its name stands alone. */
const undoing = ({ compensations }: SagaDefinition): Lines =>
  compensations.map(({ name }) => node(`undo_${name}`, BOX, name))

const incoming = ({ events, timers }: SagaDefinition): Lines => [
  ...events.map(({ event }) => `${node(`event_${event.type}`, FLAG, event.type)} --> running`),
  ...Object.keys(timers).map((name) => `${node(`timer_${name}`, HEXAGON, `timer ${name}`)} --> running`),
]

const turningBack = ({ compensations }: SagaDefinition): Lines => {
  if (compensations.length === 0) return ['running -->|failure or cancel before the pivot| compensated']
  return [
    'running -->|failure, cancel or deadline before the pivot| compensating',
    'compensating -->|after a failure| compensated',
    'compensating -->|after a cancel| cancelled',
  ]
}

/**
 * A Mermaid flowchart of what a definition declares: its requests, the events and timers that move it, and its ways to
 * end. The order of the requests is decided state by state, so it is not drawn.
 */
export const sagaDiagram = (definition: SagaDefinition): string => {
  const { name, version, compensations } = definition
  const group = (id: string, lines: Lines): Lines => [`subgraph ${id}`, ...indented(lines), 'end']
  return [
    'flowchart LR',
    ...indented([
      `${node('start', ROUND, `${name} v${version}`)} --> running`,
      ...group('running', steps(definition)),
      ...(compensations.length === 0 ? [] : group('compensating', undoing(definition))),
      ...incoming(definition),
      'running -->|done| completed',
      ...turningBack(definition),
      'running -->|failure after the pivot| failed',
      'running -->|no answer| parked',
      'parked -->|answer or retry| running',
    ]),
    '',
  ].join('\n')
}
