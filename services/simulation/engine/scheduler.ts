import type { Clock, Instant } from '#domain/kernel/clock.ts'
import type { Random } from './random.ts'

/** Who waits, and may die while it does. */
export interface Owner {
  readonly name: string
}

/** A piece of work that stands still until it is picked. */
export interface Waiting {
  readonly owner: Owner | undefined
  readonly place: string
  readonly resume: () => void
}

interface Sleeping extends Waiting {
  readonly untilMs: number
}

const START_MS = Date.parse('2026-03-01T12:00:00.000Z')

/** Owns time and order: nothing goes on unless it is picked here, one piece of work at a time. */
export class Scheduler {
  readonly random: Random
  readonly clock: Clock
  /** What was picked, in order: two runs of one seed leave the same lines. */
  readonly trace: string[] = []
  #nowMs = START_MS
  #now: Instant = new Date(START_MS).toISOString()
  #waiting: Waiting[] = []
  #sleeping: Sleeping[] = []

  constructor(random: Random) {
    this.random = random
    this.clock = { now: () => this.#now }
  }

  get nowMs(): number {
    return this.#nowMs
  }

  get waiting(): readonly Waiting[] {
    return this.#waiting
  }

  /** When the next sleeper wakes up; undefined when nobody sleeps. */
  get nextWakeMs(): number | undefined {
    return this.#sleeping.reduce<number | undefined>(
      (next, { untilMs }) => (next === undefined || untilMs < next ? untilMs : next),
      undefined,
    )
  }

  /** Stands still until it is picked. */
  pause(place: string, owner?: Owner): Promise<void> {
    return new Promise((resume) => {
      this.#waiting.push({ owner, place, resume })
    })
  }

  /** Stands still for that long, and then until it is picked; what should have come before now only until it is picked. */
  sleep(ms: number, place: string, owner?: Owner): Promise<void> {
    if (ms <= 0) return this.pause(place, owner)
    return new Promise((resume) => {
      this.#sleeping.push({ owner, place, resume, untilMs: this.#nowMs + ms })
    })
  }

  /** Waits for the work, but no longer than that; what it does later is not waited for. */
  async within<T, U>(ms: number, work: Promise<T>, late: () => U): Promise<T | U> {
    const timeout = Promise.withResolvers<'late'>()
    const resume = (): void => timeout.resolve('late')
    const limit = { owner: undefined, place: 'a time limit is over', resume, untilMs: this.#nowMs + ms }
    this.#sleeping.push(limit)
    try {
      const first = await Promise.race([work.then((value) => ({ value })), timeout.promise])
      return first === 'late' ? late() : first.value
    } finally {
      this.#sleeping = this.#sleeping.filter((other) => other !== limit)
      this.#waiting = this.#waiting.filter((other) => other !== limit)
    }
  }

  /** Lets one piece of waiting work go on, until everything stands still again. */
  async resume(picked: Waiting): Promise<void> {
    this.#waiting.splice(this.#waiting.indexOf(picked), 1)
    this.note(picked.owner ? `${picked.owner.name} ${picked.place}` : picked.place)
    picked.resume()
    await this.settle()
  }

  /** Forgets what waits for a dead owner. */
  drop(owner: Owner): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting.owner !== owner)
    this.#sleeping = this.#sleeping.filter((sleeping) => sleeping.owner !== owner)
  }

  /** Lets time pass; who slept until then waits to be picked. */
  advanceTo(ms: number): void {
    if (ms <= this.#nowMs) return
    this.#nowMs = ms
    this.#now = new Date(ms).toISOString()
    const awake = this.#sleeping.filter(({ untilMs }) => untilMs <= ms)
    if (awake.length === 0) return
    this.#sleeping = this.#sleeping.filter(({ untilMs }) => untilMs > ms)
    this.#waiting.push(...awake)
  }

  note(line: string): void {
    this.trace.push(`${this.#nowMs - START_MS} ${line}`)
  }

  /** Resolves when nothing runs any more: a tick comes after the last microtask. */
  settle(): Promise<void> {
    return new Promise((resolve) => {
      process.nextTick(resolve)
    })
  }
}
