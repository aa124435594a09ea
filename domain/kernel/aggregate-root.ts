import type { DomainEvent, EventDefinition } from './event.ts'

/**
 * A consistency boundary: state that changes only through its methods, and the events that tell of it.
 * `version` is the stored version the state was loaded at; 0 means it has never been saved.
 */
export abstract class AggregateRoot<State extends { readonly id: string }> {
  readonly version: number
  protected current: State
  readonly #events: DomainEvent[] = []

  protected constructor(state: State, version: number) {
    this.current = state
    this.version = version
  }

  get id(): State['id'] {
    return this.current.id
  }

  /** The state to store; a value, never changed in place. */
  get state(): State {
    return this.current
  }

  /** The events applied since it was loaded; the unit of work takes them to the outbox. */
  get events(): readonly DomainEvent[] {
    return this.#events
  }

  /** Takes the next state and, where others must hear of it, tells it with an event. */
  protected become(state: State): void {
    this.current = state
  }

  protected apply<Data>(definition: EventDefinition<Data>, data: NoInfer<Data>): void {
    this.#events.push({ definition, data })
  }
}
