import type { EventDefinition } from '#domain/kernel/event.ts'
import type { OpenUnitOfWork, UnitOfWork } from '../unit-of-work/unit-of-work.ts'
import { type Dependencies, type Resolve, type Resolved, resolveAll } from './token.ts'

/** A subscriber inside the service, run in the same unit of work as the event's cause. */
export interface LocalSubscriber {
  readonly event: EventDefinition
  bind(resolve: Resolve): (data: unknown, tx: UnitOfWork) => void | Promise<void>
}

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
    return (data, tx) => run({ data: event.data.parse(data), tx }, resolved)
  },
})

/** The local event bus of one service. */
export interface LocalEvents {
  /** Hands every event raised in `tx` to its local subscribers, in the order raised. */
  publish(tx: OpenUnitOfWork): void | Promise<void>
}

export const createLocalEvents = (subscribers: readonly LocalSubscriber[], resolve: Resolve): LocalEvents => {
  const byType = new Map<string, ReturnType<LocalSubscriber['bind']>[]>()
  for (const subscriber of subscribers) {
    const bound = byType.get(subscriber.event.type) ?? []
    byType.set(subscriber.event.type, [...bound, subscriber.bind(resolve)])
  }
  const deliver = async (tx: OpenUnitOfWork): Promise<void> => {
    for (const { definition, data } of tx.events)
      for (const subscriber of byType.get(definition.type) ?? []) await subscriber(data, tx)
  }
  return { publish: (tx) => (byType.size === 0 || tx.events.length === 0 ? undefined : deliver(tx)) }
}
