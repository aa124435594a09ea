import type { Delivered } from '../../transports/transport.ts'

/** A queue that is being consumed. */
export interface Consumption {
  /** Takes nothing more; resolves when all that was taken is handled. */
  close(): Promise<void>
}

/** The queues of the deployment, as the lane needs them. None is ever made here. */
export interface LaneQueues {
  /** Ten bodies at most; results in the order given. Never rejects. */
  send(queue: string, bodies: readonly string[]): Promise<readonly Delivered[]>
  /** Hands over what comes: what is handled is deleted, what is rejected comes again. */
  consume(queue: string, handle: (message: { readonly body: string }) => Promise<void>): Consumption
}

/** The names of queues; `queueNames(prefix)` of the deployment. */
export interface LaneQueueNames {
  requests(service: string): string
  replies(service: string, slot: number): string
}
