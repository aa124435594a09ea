import { AsyncLocalStorage } from 'node:async_hooks'
import { Unavailable } from '#bus/cqrs/errors.ts'
import type { Owner, Scheduler } from './scheduler.ts'

/** The instance whose code is running; a failpoint does not say which one has reached it. */
const running = new AsyncLocalStorage<Instance>()

export const runningInstance = (): Instance | undefined => running.getStore()

const never = new Promise<never>(() => undefined)

/** One process of a service. Once it is dead, nothing that it has under way goes on. */
export class Instance implements Owner {
  readonly name: string
  readonly service: string
  readonly #scheduler: Scheduler
  readonly #pauseChance: () => number
  readonly #callers = new Set<(error: Error) => void>()
  #alive = true

  constructor(name: string, service: string, scheduler: Scheduler, pauseChance: () => number) {
    this.name = name
    this.service = service
    this.#scheduler = scheduler
    this.#pauseChance = pauseChance
  }

  get alive(): boolean {
    return this.#alive
  }

  /** Runs work of this process for somebody outside, who is told when it dies before the end. */
  enter<T>(work: () => Promise<T>): Promise<T> {
    const outcome = Promise.withResolvers<T>()
    this.#callers.add(outcome.reject)
    running
      .run(this, async () => work())
      .then(outcome.resolve, outcome.reject)
      .finally(() => this.#callers.delete(outcome.reject))
    return outcome.promise
  }

  /** A place where others may come in between, or where it dies. */
  async pause(place: string, weight = 1): Promise<void> {
    if (!this.#alive) return never
    if (this.#scheduler.random.chance(this.#pauseChance() * weight)) await this.#scheduler.pause(place, this)
  }

  /** A port whose every answer is such a place, and that throws `Unavailable` where an answer takes too long. */
  interleaved<T extends object>(port: T, limitMs?: number): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        return (...parameters: unknown[]): unknown => {
          const answer: unknown = Reflect.apply(member, target, parameters)
          return answer instanceof Promise ? this.#answered(answer, String(name), limitMs) : answer
        }
      },
    })
  }

  die(): void {
    this.#alive = false
    this.#scheduler.drop(this)
    for (const reject of this.#callers) reject(Unavailable(this.name))
  }

  async #answered(answer: Promise<unknown>, place: string, limitMs: number | undefined): Promise<unknown> {
    try {
      if (limitMs === undefined) return await answer
      return await this.#scheduler.within(limitMs, answer, () => {
        throw Unavailable(place)
      })
    } finally {
      await this.pause(place)
    }
  }
}
