import type { EventDefinition } from '#domain/kernel/event.ts'
import type { OpenUnitOfWork, RaisedEvent, UnitOfWork } from '../unit-of-work/unit-of-work.ts'
import { type Dependencies, type Resolve, type Resolved, resolveAll } from './token.ts'

/** A subscriber inside the service, run in the same unit of work as the event's cause. */
export interface LocalSubscriber {
  readonly event: EventDefinition
  bind(resolve: Resolve): (raised: RaisedEvent, tx: UnitOfWork) => void | Promise<void>
}

/** Data is checked against its contract when an event is raised, and not again. */
const isOf = <Data>(
  event: EventDefinition<Data>,
  raised: RaisedEvent,
): raised is RaisedEvent & { readonly data: Data } => raised.definition === event

/**
 * Subscribes to an event of the own service within its unit of work.
 * @example
 * export const bumpOnUpdate = onLocal(CourseUpdated, { revisions: Revisions }, ({ data, tx }, { revisions }) => ...)
 */
export const onLocal = <Data, D extends Dependencies>(
  event: EventDefinition<Data>,
  dependencies: D,
  run: (message: { data: Data; tx: UnitOfWork }, dependencies: Resolved<D>) => void | Promise<void>,
): LocalSubscriber => ({
  event,
  bind: (resolve) => {
    const resolved = resolveAll(dependencies, resolve)
    return (raised, tx) => (isOf(event, raised) ? run({ data: raised.data, tx }, resolved) : undefined)
  },
})

/** The local event bus of one service. */
export interface LocalEvents {
  /** Hands every event raised in `tx` to its local subscribers, in the order raised. */
  publish(tx: OpenUnitOfWork): void | Promise<void>
}

export const createLocalEvents = (subscribers: readonly LocalSubscriber[], resolve: Resolve): LocalEvents => {
  const bound = new Map<EventDefinition, ReturnType<LocalSubscriber['bind']>[]>()
  for (const subscriber of subscribers)
    bound.set(subscriber.event, [...(bound.get(subscriber.event) ?? []), subscriber.bind(resolve)])

  const deliver = async (tx: OpenUnitOfWork): Promise<void> => {
    for (const raised of tx.events)
      for (const subscriber of bound.get(raised.definition) ?? []) {
        const work = subscriber(raised, tx)
        if (work) await work
      }
  }
  return { publish: (tx) => (bound.size === 0 || tx.events.length === 0 ? undefined : deliver(tx)) }
}
