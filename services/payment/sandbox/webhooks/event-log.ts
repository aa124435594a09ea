import type { FaultStore } from '../faults/fault-store.ts'
import type { WebhookFault } from '../faults/fault.ts'
import type { ObjectStore } from '../object-store.ts'
import { newId } from '../stripe/ids.ts'
import { apiVersion, type Event, type Metadata } from '../stripe/objects.ts'
import type { DeliveryStore } from './delivery-store.ts'

/** The request that an event is caused by. */
export interface RequestOrigin {
  id: string
  idempotencyKey: string | null
}

interface Subject {
  id: string
  object: string
  payment_intent?: string
}

/** Writes events and what is to be delivered of them; called inside the transaction of the change itself. */
export class EventLog {
  readonly #objects: ObjectStore
  readonly #deliveries: DeliveryStore | undefined
  readonly #faults: FaultStore
  readonly #now: () => number

  /** Without `deliveries` nobody listens: events are only written. */
  constructor(objects: ObjectStore, deliveries: DeliveryStore | undefined, faults: FaultStore, now: () => number) {
    this.#objects = objects
    this.#deliveries = deliveries
    this.#faults = faults
    this.#now = now
  }

  record(origin: RequestOrigin, type: string, subject: Subject, metadata: Metadata): void {
    const event: Event = {
      id: newId('evt'),
      object: 'event',
      api_version: apiVersion,
      created: Math.floor(this.#now() / 1000),
      data: { object: { ...subject } },
      livemode: false,
      pending_webhooks: 1,
      request: { id: origin.id, idempotency_key: origin.idempotencyKey },
      type,
    }
    this.#objects.insert(event, { paymentIntent: subject.payment_intent ?? subject.id, eventType: type })
    if (this.#deliveries) this.#schedule(this.#deliveries, event.id, origin, this.#faults.takeForEvent(type, metadata))
  }

  #schedule(deliveries: DeliveryStore, event: string, origin: RequestOrigin, fault: WebhookFault | undefined): void {
    const dueAt = this.#now() + (fault?.kind === 'webhook_delay' ? fault.delayMs : 0)
    const state = fault?.kind === 'webhook_drop' ? 'dropped' : 'pending'
    const racesRequest = fault?.kind === 'webhook_race' ? origin.id : null
    const copies = fault?.kind === 'webhook_repeat' ? fault.count : 1
    for (let copy = 0; copy < copies; copy += 1) deliveries.add({ event, dueAt, state, racesRequest })
  }
}
