import { z } from 'zod'
import { AggregateRoot } from '../kernel/aggregate-root.ts'
import { addMs, DAY, Instant } from '../kernel/clock.ts'
import { ErasedCounts } from '../kernel/personal-data.ts'
import type { ErasureId, UserId } from '../kernel/ids.ts'
import { ErasureRequested } from './events.ts'

/** The law gives a month (GDPR, article 12). */
export const ERASURE_DUE_MS = 30 * DAY

/** What one service has done, and when it was heard of. */
export const Acknowledgement = z.object({ service: z.string().max(50), at: Instant, counts: ErasedCounts })
export type Acknowledgement = z.infer<typeof Acknowledgement>

interface ErasureFacts {
  readonly id: ErasureId
  readonly userId: UserId
  readonly requestedAt: Instant
  readonly dueAt: Instant
  readonly acknowledged: readonly Acknowledgement[]
}

export type ErasureState = ErasureFacts &
  ({ readonly status: 'RUNNING' } | { readonly status: 'CLOSED'; readonly closedAt: Instant })

/** That a person is to be forgotten everywhere, and the proof that they were. It holds nothing of them but an id. */
export class Erasure extends AggregateRoot<ErasureState> {
  static restore(state: ErasureState, version: number): Erasure {
    return new Erasure(state, version)
  }

  /** The account itself is erased with the request. */
  static request(
    { id, userId, counts }: { id: ErasureId; userId: UserId; counts: ErasedCounts },
    at: Instant,
  ): Erasure {
    const dueAt = addMs(at, ERASURE_DUE_MS)
    const acknowledged = [{ service: 'user', at, counts }]
    const erasure = new Erasure({ id, userId, requestedAt: at, dueAt, acknowledged, status: 'RUNNING' }, 0)
    erasure.apply(ErasureRequested, { userId, requestId: id, dueAt })
    return erasure
  }

  /** A service has done its part; the first word counts. */
  acknowledge(service: string, counts: ErasedCounts, at: Instant): void {
    const { state } = this
    if (state.acknowledged.some((known) => known.service === service)) return
    this.become({ ...state, acknowledged: [...state.acknowledged, { service, at, counts }] })
  }

  /** Every service has. Again changes nothing. */
  close(at: Instant): void {
    if (this.state.status === 'RUNNING') this.become({ ...this.state, status: 'CLOSED', closedAt: at })
  }
}
