import { isFinal, nextDue, type SagaInstance } from '../sagas/instance.ts'
import { dueTimers, type SagaFilter, type SagaStore, type SagaSummary, type SagaWrite } from '../sagas/store.ts'
import type { Session } from './session.ts'
import { type MemoryState, pairOf, removeWhere } from './state.ts'
import { memoryOf } from './store.ts'

type Place = Pick<SagaSummary, 'updatedAt' | 'type' | 'key'>

/** As the rows of the listing are compared: by the first column that differs. */
const comparePlaces = (a: Place, b: Place): number => {
  const [left, right] = [
    [a.updatedAt, a.type, a.key],
    [b.updatedAt, b.type, b.key],
  ]
  for (const [at, value] of left.entries()) {
    const other = right[at] ?? ''
    if (value !== other) return value < other ? -1 : 1
  }
  return 0
}

const summaryOf = ({ type, key, status, step, startedAt, updatedAt }: SagaInstance): SagaSummary => ({
  type,
  key,
  status,
  step,
  startedAt,
  updatedAt,
})

const matches = ({ type, status, updatedBefore, after }: SagaFilter, saga: SagaSummary): boolean =>
  (type === undefined || saga.type === type) &&
  (status === undefined || saga.status === status) &&
  (updatedBefore === undefined || saga.updatedAt < updatedBefore) &&
  (after === undefined || comparePlaces(saga, after) < 0)

/** A parked instance is a person's business, wherever it goes back to. */
const hasEnded = (instance: SagaInstance): boolean => instance.status !== 'parked' && isFinal(instance)

export const createMemorySagas = ({ sagas }: MemoryState, session: Session): SagaStore => {
  const apply = (id: string, { instance, version, entry }: SagaWrite): void => {
    const journal = [...(sagas.get(id)?.journal ?? []), structuredClone(entry)]
    sagas.set(id, { version: version + 1, instance: structuredClone(instance), journal })
  }
  const instances = (): SagaInstance[] => [...sagas.values()].map(({ instance }) => instance)

  return {
    load: (type, key) =>
      session.access(() => {
        const found = sagas.get(pairOf(type, key))
        return found && { version: found.version, instance: structuredClone(found.instance) }
      }),
    save: (tx, write) => {
      const id = pairOf(write.instance.type, write.instance.key)
      memoryOf(tx).write({
        name: 'saga',
        check: () => (sagas.get(id)?.version ?? 0) === write.version,
        apply: () => apply(id, write),
      })
    },
    due: (now, limit) =>
      session.access(() =>
        instances()
          .flatMap((instance) => ({ instance, dueAt: nextDue(instance) ?? undefined }))
          .filter(({ dueAt }) => dueAt !== undefined && dueAt <= now)
          .sort((a, b) => ((a.dueAt ?? '') < (b.dueAt ?? '') ? -1 : 1))
          .slice(0, limit)
          .flatMap(({ instance }) => dueTimers(instance, now)),
      ),
    list: (filter) =>
      session.access(() =>
        instances()
          .map(summaryOf)
          .filter((saga) => matches(filter, saga))
          .sort((a, b) => comparePlaces(b, a))
          .slice(0, filter.limit),
      ),
    journal: (type, key) => session.access(() => sagas.get(pairOf(type, key))?.journal ?? []),
    prune: (before) =>
      session.access(() => removeWhere(sagas, ({ instance }) => hasEnded(instance) && instance.updatedAt < before)),
  }
}
