import type { DeadLetter, DeadLetters } from '../dead-letters/dead-letters.ts'
import type { Session } from './session.ts'
import type { MemoryState } from './state.ts'

const byId = (a: DeadLetter, b: DeadLetter): number => (a.id < b.id ? -1 : 1)

/** Ids are UUIDv7, so that their order is the order of failing. */
export const createMemoryDeadLetters = ({ deadLetters }: MemoryState, session: Session): DeadLetters => ({
  add: (letter) =>
    session.access(() => {
      deadLetters.set(letter.id, letter)
    }),
  list: (after, limit) =>
    session.access(() =>
      [...deadLetters.values()]
        .filter(({ id }) => after === undefined || id > after)
        .sort(byId)
        .slice(0, limit),
    ),
  find: (id) => session.access(() => deadLetters.get(id)),
  remove: (id) => session.access(() => deadLetters.delete(id)),
})
