import { SECOND } from '#domain/kernel/clock.ts'
import type { Ids } from '#domain/kernel/ids.ts'
import type { CallContext, Outcome } from '#bus/cqrs/pipeline.ts'
import { onFailpoint } from '#bus/failpoints.ts'
import type { Transport } from '#bus/transports/transport.ts'
import type { Binding } from '#services/kit/module.ts'
import { createRuntime } from '#services/kit/runtime.ts'
import { createLearningState, type LearningState } from '#services/learning/infrastructure/memory/state.ts'
import { IngestProviderEvent } from '#services/payment/commands/ingest-provider-event.ts'
import { createPaymentMemory, type PaymentMemory } from '#services/payment/infrastructure/memory/payment-memory.ts'
import { drawFaults, drawLagMs, type Faults, NO_FAULTS } from '../engine/faults.ts'
import { createSeededIds } from '../engine/ids.ts'
import { Instance, runningInstance } from '../engine/instance.ts'
import { createRandom, type Random } from '../engine/random.ts'
import { Scheduler, type Waiting } from '../engine/scheduler.ts'
import { audience, type AudienceState, type Behaviour, createAudienceState } from './audience.ts'
import { Bank } from './bank.ts'
import { learning, payment } from './behaviours.ts'
import { type Activity, Host } from './host.ts'
import type { Mutation } from './mutation.ts'
import { createNetwork } from './network.ts'
import { learningBindings, paymentBindings } from './processes.ts'
import { drawRuns } from './runs.ts'

/** Failpoints are stopped at more often than other awaits: there effects begin and end. */
const FAILPOINT_WEIGHT = 3

/** How long a process is gone after it died. */
const RESTART_MS = 30 * SECOND

/** The whole platform under one scheduler: its services, the network between them, the provider, and what is stored. */
export class World {
  readonly scheduler: Scheduler
  readonly ids: Ids
  readonly bank: Bank
  readonly behaviours: readonly Behaviour[]
  readonly hosts: readonly Host[]
  readonly learning: LearningState
  readonly payment: PaymentMemory = createPaymentMemory()
  readonly audience: AudienceState = createAudienceState()
  /** Where processes died, by name of the place. */
  readonly crashes = new Map<string, number>()
  /** When the last fault was over. */
  calmSince: string | undefined
  #faults: Faults
  readonly #mutation: Mutation
  readonly #network: Transport

  constructor(seed: number, mutation: Mutation = {}) {
    const random = createRandom(seed)
    this.scheduler = new Scheduler(random)
    this.ids = createSeededIds(() => this.scheduler.nowMs, random)
    this.#faults = drawFaults(random)
    this.#mutation = mutation
    const faults = (): Faults => this.#faults
    const course = { title: 'Linear algebra', tutorId: this.ids.next('usr') }
    this.learning = createLearningState(course, drawRuns(random, this.ids, this.scheduler.clock.now()))
    this.#network = createNetwork({
      scheduler: this.scheduler,
      faults,
      doorOf: (service) => this.host(service).receive,
    })
    this.bank = new Bank({
      scheduler: this.scheduler,
      faults,
      deliver: async (notice) => {
        const input = { provider: 'stripe', body: '{}', ...notice }
        await this.execute('payment', IngestProviderEvent.type, input, {
          actor: { kind: 'service', service: 'payment' },
          origin: { correlationId: notice.eventId },
        })
      },
    })
    const listening = audience(this.audience, () => {
      if (random.chance(faults().throwing)) throw new Error('The newsletter is down.')
    })
    this.behaviours = [learning, payment, listening].map((behaviour) => mutation.behaviour?.(behaviour) ?? behaviour)
    this.hosts = this.behaviours.map((behaviour) => this.#hostOf(behaviour))
    for (const host of this.hosts) for (let left = random.between(1, 2); left > 0; left--) host.start()
    onFailpoint((place) => runningInstance()?.pause(place, FAILPOINT_WEIGHT))
  }

  get random(): Random {
    return this.scheduler.random
  }

  get isCalm(): boolean {
    return this.#faults === NO_FAULTS
  }

  get now(): string {
    return this.scheduler.clock.now()
  }

  host(service: string): Host {
    const host = this.hosts.find((candidate) => candidate.service === service)
    if (!host) throw new Error(`There is no service ${service}.`)
    return host
  }

  /** A command from outside: over HTTP, or from the provider. */
  execute(service: string, type: string, input: unknown, call: CallContext): Promise<Outcome<unknown>> {
    return this.host(service).execute(type, input, call)
  }

  /** Ends all faults: what is dead comes back, and what happens from now on happens in time. */
  calmDown(): void {
    this.#faults = NO_FAULTS
    this.calmSince = this.now
    this.scheduler.note('calm')
    for (const host of this.hosts) if (host.instances.length === 0) host.start()
  }

  /** One piece of work, drawn from all that could go on. False when nothing is left to do, now or later. */
  async step(): Promise<boolean> {
    const { scheduler, random } = this
    if (scheduler.waiting.length > 0) scheduler.advanceTo(scheduler.nowMs + drawLagMs(random, this.#faults))
    const { waiting } = scheduler
    const activities = this.hosts.flatMap((host) => host.activities(this.now))
    const choices = waiting.length + activities.length
    if (choices === 0) return this.#advance()
    const picked = random.int(choices)
    const work = waiting[picked]
    const activity = activities[picked - waiting.length]
    if (work) await this.#resume(work)
    else if (activity) await this.#begin(activity)
    return true
  }

  /** Grows with whatever is stored, so that nothing is checked twice. */
  get changes(): number {
    return this.hosts.reduce((sum, { bus }) => sum + bus.lastSeq + bus.inbox.size + bus.answers.size, 0)
  }

  /** True while something could go on at this instant. */
  get isBusy(): boolean {
    return this.scheduler.waiting.length > 0 || this.hosts.some((host) => host.activities(this.now).length > 0)
  }

  #hostOf(behaviour: Behaviour): Host {
    const { scheduler, ids } = this
    const service = behaviour.name
    const mutateStores = this.#mutation.stores
    return new Host({
      service,
      scheduler,
      ids,
      interleave: () => this.#faults.interleave,
      mutate: (stores, process) => mutateStores?.(stores, process) ?? stores,
      compose: (instance, stores) =>
        createRuntime(behaviour, this.#bindings(service, instance), stores, {
          clock: scheduler.clock,
          ids,
          random: scheduler.random.next,
          transport: instance.interleaved(this.#network),
          lane: () => Promise.reject(new Error('Nothing on this journey asks another service and waits.')),
          observe: {
            handled: () => undefined,
            duplicate: (consumer) => scheduler.note(`${consumer} has had this`),
            failed: (consumer, { type }, error, final) =>
              scheduler.note(`${consumer} failed ${final ? 'for good ' : ''}at ${type}: ${String(error)}`),
            expired: (type) => scheduler.note(`${type} expired`),
          },
        }),
    })
  }

  #bindings(service: string, instance: Instance): readonly Binding[] {
    if (service === 'learning') return learningBindings(this.learning, instance, this.#mutation)
    if (service === 'payment') return paymentBindings(this.payment, this.bank.provider, instance, this.#mutation)
    return []
  }

  async #resume(work: Waiting): Promise<void> {
    const { random } = this
    if (work.owner instanceof Instance && random.chance(this.#faults.crash)) return this.#crash(work.owner, work.place)
    if (random.chance(this.#faults.blackout)) return this.#blackOut()
    await this.scheduler.resume(work)
  }

  async #begin(activity: Activity): Promise<void> {
    this.scheduler.note(activity.name)
    activity.begin()
    await this.scheduler.settle()
  }

  async #crash(instance: Instance, place: string): Promise<void> {
    this.scheduler.note(`${instance.name} dies at ${place}`)
    this.crashes.set(place, (this.crashes.get(place) ?? 0) + 1)
    this.host(instance.service).kill(instance)
    void this.#restart(instance.service)
    await this.scheduler.settle()
  }

  async #blackOut(): Promise<void> {
    for (const instance of this.hosts.flatMap((host) => host.instances)) await this.#crash(instance, 'a blackout')
  }

  async #restart(service: string): Promise<void> {
    await this.scheduler.sleep(this.random.between(1, RESTART_MS), `${service} comes back`)
    this.host(service).start()
  }

  /** Nothing can go on now: time passes until something can. */
  #advance(): boolean {
    const { nowMs, nextWakeMs } = this.scheduler
    const due = this.hosts.flatMap(({ dueInstants }) => dueInstants.map((at) => Date.parse(at)))
    // What is overdue is being done by a process that waits for something else.
    const later = [...due, nextWakeMs ?? 0].filter((ms) => ms > nowMs)
    if (later.length === 0) return false
    this.scheduler.advanceTo(Math.min(...later))
    return true
  }
}
