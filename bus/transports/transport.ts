/** One message on its way out of a service. */
export interface Outgoing {
  readonly key: string
  /** `events`: to every subscriber. Otherwise the one service that gets it. */
  readonly route: string
  readonly type: string
  /** The finished envelope. */
  readonly body: string
  /** 1 for the first delivery. */
  readonly attempt: number
}

/** What became of one message: accepted, or failed with a reason. */
export type Delivered =
  | { readonly accepted: true }
  | {
      readonly accepted: false
      readonly reason: string
      /** True where the transport itself would not take it: no subscriber was handed it, so none can bury it. */
      readonly refused?: true
    }

/** A message on its way in. */
export interface Incoming {
  readonly body: string
  readonly attempt: number
  /** True when a failure of this attempt is final: the consumer writes a dead letter and returns. */
  readonly lastAttempt: boolean
}

/** Takes one message in; resolves when its effects are committed, rejects when it must come again. */
export type Receive = (message: Incoming) => Promise<void>

/** What a transport promises; the conformance suite tests exactly this. */
export interface Capabilities {
  /** Messages of one key arrive in the order sent, as long as none fails. */
  readonly orderedPerKey: boolean
  /** `accepted` means that every subscriber's transaction has committed. */
  readonly acceptsAfterCommit: boolean
  /** Attempts of one message before it is a dead letter. */
  readonly maxAttempts: number
  /** Bytes of one message at most. */
  readonly maxBytes: number
  /** Messages that one `deliver` may hold. */
  readonly maxBatch: number
}

/** Carries envelopes between services: in one process, or over a queue service. */
export interface Transport {
  readonly capabilities: Capabilities
  /**
   * Results in the order given. A failure of one message does not touch the others. Never rejects: what could not even be
   * sent has failed as well, or the relay would neither count the attempt nor hold the key back.
   */
  deliver(messages: readonly Outgoing[]): Promise<readonly Delivered[]>
  /** Connects a service: the event types it subscribes to, and where its messages go in. */
  connect(service: string, subscriptions: readonly string[], receive: Receive): void
  /** Stops taking messages in; what is under way is finished. */
  close(): Promise<void>
}
