import { createMemoryState, type MemoryState } from '#bus/memory/state.ts'
import { createMemoryBusStores } from '#bus/memory/stores.ts'
import { Unavailable } from '#bus/cqrs/errors.ts'
import type { Outcome, CallContext } from '#bus/cqrs/pipeline.ts'
import type { Incoming } from '#bus/transports/transport.ts'
import { nextDue } from '#bus/sagas/instance.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import type { BusStores, Runtime } from '#services/kit/runtime.ts'
import { Instance } from '../engine/instance.ts'
import type { Scheduler } from '../engine/scheduler.ts'
import type { MutatedProcess } from './mutation.ts'

/** Something that a process could begin now. */
export interface Activity {
  readonly name: string
  begin(): void
}

/** One running process with its loops. */
interface Process {
  readonly instance: Instance
  readonly runtime: Runtime
  kill(): void
  relaying: boolean
  sweeping: boolean
}

export interface HostOptions {
  readonly service: string
  readonly scheduler: Scheduler
  readonly ids: Ids
  readonly interleave: () => number
  /** Changes the stores of a process; for mutants. */
  readonly mutate: (stores: BusStores, process: MutatedProcess) => BusStores
  /** Puts a process together as a host does when it starts. */
  readonly compose: (instance: Instance, stores: BusStores) => Runtime
}

const interleaved = ({ sagas, ...stores }: BusStores, instance: Instance): BusStores => ({
  store: instance.interleaved(stores.store),
  outbox: instance.interleaved(stores.outbox),
  inbox: instance.interleaved(stores.inbox),
  idempotency: instance.interleaved(stores.idempotency),
  deadLetters: instance.interleaved(stores.deadLetters),
  inspection: instance.interleaved(stores.inspection),
  sagas: sagas && instance.interleaved(sagas),
})

/** A service: what it has stored, and the processes that run on it. */
export class Host {
  readonly service: string
  readonly bus: MemoryState = createMemoryState()
  readonly #options: HostOptions
  readonly #processes: Process[] = []
  #relayer: Process | undefined
  #started = 0

  constructor(options: HostOptions) {
    this.service = options.service
    this.#options = options
  }

  get instances(): readonly Instance[] {
    return this.#processes.map(({ instance }) => instance)
  }

  start(): void {
    const { service, scheduler, ids, interleave, mutate, compose } = this.#options
    this.#started += 1
    const instance = new Instance(`${service}#${this.#started}`, service, scheduler, interleave)
    const made = createMemoryBusStores({ service, ids, clock: scheduler.clock, state: this.bus })
    const pause = (place: string): Promise<void> => instance.pause(place)
    const runtime = compose(instance, interleaved(mutate(made, { service, state: this.bus, pause }), instance))
    this.#processes.push({ instance, runtime, kill: made.kill, relaying: false, sweeping: false })
    scheduler.note(`${instance.name} starts`)
  }

  kill(instance: Instance): void {
    const at = this.#processes.findIndex((process) => process.instance === instance)
    const [process] = this.#processes.splice(at, 1)
    process?.kill()
    instance.die()
    if (process === this.#relayer) this.#relayer = undefined
  }

  /** A message arrives at one of the processes. */
  receive = async (message: Incoming): Promise<void> => {
    const { instance, runtime } = this.#any()
    return instance.enter(() => runtime.dispatcher.receive(message))
  }

  /** A command arrives at one of the processes. Throws `Unavailable` when none runs, or when it dies before the answer. */
  async execute(type: string, input: unknown, call: CallContext): Promise<Outcome<unknown>> {
    const { instance, runtime } = this.#any()
    const definition = runtime.buses.definitions.find((known) => known.type === type)
    if (definition?.kind !== 'command') throw new Error(`${this.service} has no command ${type}.`)
    return instance.enter(async () => runtime.buses.execute(definition, input, call))
  }

  /** What could begin now: a pass of the relay, a sweep of due timers. */
  activities(now: string): Activity[] {
    const activities: Activity[] = []
    if (this.#hasMail(now)) {
      this.#relayer ??= this.#processes[0]
      const relayer = this.#relayer
      if (relayer && !relayer.relaying) activities.push(this.#relay(relayer))
    }
    if (this.#hasDueTimer(now))
      for (const process of this.#processes) if (!process.sweeping) activities.push(this.#sweep(process))
    return activities
  }

  /** When things become due by themselves: timers, keys that were held back. */
  get dueInstants(): string[] {
    const timers = [...this.bus.sagas.values()].flatMap(({ instance }) => nextDue(instance) ?? [])
    return [...timers, ...[...this.bus.heldKeys.values()].map(({ until }) => until)]
  }

  #any(): Process {
    if (this.#processes.length === 0) throw Unavailable(this.service)
    return this.#options.scheduler.random.pick(this.#processes)
  }

  #hasMail(now: string): boolean {
    return this.bus.outbox.some(({ key }) => (this.bus.heldKeys.get(key)?.until ?? now) <= now)
  }

  #hasDueTimer(now: string): boolean {
    return [...this.bus.sagas.values()].some(({ instance }) => (nextDue(instance) ?? '~') <= now)
  }

  #relay(process: Process): Activity {
    return {
      name: `${process.instance.name} relays`,
      begin: () => {
        process.relaying = true
        this.#begin(process, process.runtime.relay, () => {
          process.relaying = false
        })
      },
    }
  }

  #sweep(process: Process): Activity {
    return {
      name: `${process.instance.name} fires timers`,
      begin: () => {
        process.sweeping = true
        this.#begin(process, process.runtime.timers, () => {
          process.sweeping = false
        })
      },
    }
  }

  /** A round that fails is begun again by the next, as the loops of a host do. */
  #begin({ instance }: Process, round: () => Promise<number>, end: () => void): void {
    instance
      .enter(round)
      .catch((error: unknown) => this.#options.scheduler.note(`${instance.name} ${String(error)}`))
      .finally(end)
  }
}
