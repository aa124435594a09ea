import { pairOf } from '#bus/memory/state.ts'
import { decodeEnvelope, type Envelope } from '#bus/envelope.ts'
import type { Behaviour } from '../world/audience.ts'
import type { Host } from '../world/host.ts'
import type { World } from '../world/world.ts'
import type { Invariant } from './evidence.ts'

/** Consumers of an event: the name that each has in its service's inbox. */
const subscribersOf = (behaviours: readonly Behaviour[], type: string): string[] =>
  behaviours.flatMap(({ name: service, events, sagas }) => [
    ...Object.entries(events).flatMap(([name, { event }]) => (event.type === type ? `${service}/${name}` : [])),
    ...sagas.flatMap(({ name, events: known }) =>
      known.some(({ event }) => event.type === type) ? `${service}/saga:${name}` : [],
    ),
  ])

const isRemembered = (behaviours: readonly Behaviour[], service: string, type: string): boolean =>
  behaviours.some(
    ({ name, messages }) =>
      name === service && messages.some(({ definition }) => definition.type === type && !definition.idempotent),
  )

/** Inbox rows that one committed message must have led to: consumer and id. */
const rowsOf = (behaviours: readonly Behaviour[], route: string, envelope: Envelope): [string, string][] => {
  const { id, type, messagekind, idempotencykey, replyref } = envelope
  if (messagekind === 'event') return subscribersOf(behaviours, type).map((consumer) => [consumer, id])
  if (messagekind === 'reply') return [[`${route}/saga:${replyref?.split('/')[0]}`, id]]
  return isRemembered(behaviours, route, type) ? [[`${route}/${type}`, idempotencykey ?? id]] : []
}

const hasArrived = (world: World, [consumer, id]: [string, string]): boolean =>
  world.host(consumer.split('/')[0] ?? '').bus.inbox.has(pairOf(consumer, id))

const committed = ({ bus }: Host) =>
  bus.written.map(({ route, envelope }) => ({ route, envelope: decodeEnvelope(envelope) }))

/** I5: whatever was committed to an outbox has reached every consumer. */
export function* everythingArrives({ world }: Parameters<Invariant>[0]): Iterable<string> {
  for (const { route, envelope } of world.hosts.flatMap(committed))
    for (const row of rowsOf(world.behaviours, route, envelope))
      if (!hasArrived(world, row)) yield `${envelope.messagekind} ${envelope.type} ${row[1]} never reached ${row[0]}`
}

/** I5: each event took effect once, and the facts that an outbox could lose are known to those who listen. */
export function* effectsHappenOnce({ world }: Parameters<Invariant>[0]): Iterable<string> {
  for (const [id, times] of world.audience.effects) if (times !== 1) yield `${id} took effect ${times} times`
  for (const { state } of world.payment.payments.values())
    if (state.status === 'COMPLETED' && !world.audience.completed.has(state.id))
      yield `nobody heard that ${state.id} was completed`
  for (const { state } of world.payment.refunds.values())
    if (state.status === 'PROCESSED' && !world.audience.refunded.has(state.id))
      yield `nobody heard that ${state.id} was processed`
}

/** I7: who is in, told from the events alone, is who is in. */
export function* rosterMatches({ world }: Parameters<Invariant>[0]): Iterable<string> {
  for (const { state } of world.learning.enrollments.values())
    if ((state.status === 'ACTIVE') !== world.audience.roster.has(state.id))
      yield `${state.id} is ${state.status}, and the roster ${world.audience.roster.has(state.id) ? 'has' : 'lacks'} it`
}
